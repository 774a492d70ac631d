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
  const problems: string[] = [];
  const found: FoundManifest[] = [];
  for (const file of await manifestFiles(folder)) {
    const manifest = parse(await readFile(file, 'utf8'), (problem) =>
      problems.push(`${basename(file)}: ${problem}`),
    );
    if (manifest !== null) found.push({ manifest, folder });
  }
  found.forEach(({ manifest: { id, version } }, index) => {
    const isTwice =
      found.findIndex(({ manifest }) => manifest.id === id && manifest.version === version) < index;
    if (isTwice) problems.push(`${id}@${version} is there twice`);
  });
  if (problems.length > 0)
    throw new Error(`The models in ${folder} can't be used:\n  ${problems.join('\n  ')}`);
  return found;
}

async function manifestFiles(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
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
