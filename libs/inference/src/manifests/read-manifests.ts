import { modelManifest, type ModelManifest } from '@ganglion/contracts/model-manifest';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';

/** A manifest, and the folder that its `file:` sources are relative to. */
export interface FoundManifest {
  readonly manifest: ModelManifest;
  /** Absolute. */
  readonly folder: string;
}

/**
 * Reads the manifests of an app: every `*.json` in its folder `models`. An app without that folder has none.
 *
 * @throws Error that lists every problem of every manifest.
 */
export async function readManifests(appFolder: string): Promise<FoundManifest[]> {
  const folder = resolve(appFolder, 'models');
  const found = await readFolder(folder, await jsonFiles(folder).catch(noneIfMissing));
  requireUnique(found);
  return found;
}

/**
 * Reads the user's own manifests: every `*.json` in folders such as `GANGLION_MODELS` lists.
 *
 * @throws Error when there is no such folder, or that lists every problem of every manifest of one.
 */
export async function readOwnManifests(folders: readonly string[]): Promise<FoundManifest[]> {
  const reading = folders.map(async (name) => {
    const folder = resolve(name);
    const files = await jsonFiles(folder).catch((error: NodeJS.ErrnoException) => {
      throw new Error(`GANGLION_MODELS names ${folder}, which can't be read (${error.code}).`);
    });
    return readFolder(folder, files);
  });
  const found = (await Promise.all(reading)).flat();
  requireUnique(found);
  return found;
}

/** @throws Error when two manifests are the same model in the same version. */
export function requireUnique(found: readonly FoundManifest[]): void {
  const places = new Map<string, string>();
  for (const { manifest, folder } of found) {
    const name = `${manifest.id}@${manifest.version}`;
    const other = places.get(name);
    if (other !== undefined) throw new Error(`${name} is there twice: in ${other} and in ${folder}.`);
    places.set(name, folder);
  }
}

async function readFolder(folder: string, files: readonly string[]): Promise<FoundManifest[]> {
  const problems: string[] = [];
  const found: FoundManifest[] = [];
  for (const file of files) {
    const manifest = parse(await readFile(file, 'utf8'), (problem) =>
      problems.push(`${basename(file)}: ${problem}`),
    );
    if (manifest !== null) found.push({ manifest, folder });
  }
  if (problems.length > 0)
    throw new Error(`The models in ${folder} can't be used:\n  ${problems.join('\n  ')}`);
  return found;
}

async function jsonFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name));
}

function noneIfMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

function parse(text: string, report: (problem: string) => void): ModelManifest | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    report(`is no JSON: ${(error as Error).message}`);
    return null;
  }
  const result = modelManifest.safeParse(json);
  for (const { path, message } of result.error?.issues ?? [])
    report(`${path.join('.') || 'manifest'}: ${message}`);
  return result.data ?? null;
}
