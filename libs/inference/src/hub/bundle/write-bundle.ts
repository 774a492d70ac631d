import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import type { FoundManifest } from '../../manifests/read-manifests.js';
import { explainDisk } from '../download-error.js';
import { proveFile, type ExpectedFile } from '../model-cache.js';
import { CHECKSUMS } from './bundle-entry.js';

/** A file that goes into a bundle, and where it lies. */
export interface BundledFile extends ExpectedFile {
  readonly location: string;
}

type Entry = { readonly name: string } & ({ readonly text: string } | { readonly file: BundledFile });

/**
 * Writes models into one tar file, of which the same models always make the same bytes: checksums, licences,
 * manifests, files by their content.
 *
 * @throws Error when a file is damaged; nothing is written then.
 */
export async function writeBundle(
  path: string,
  models: readonly FoundManifest[],
  files: readonly BundledFile[],
): Promise<void> {
  for (const file of files) {
    const problem = await proveFile(file.location, file);
    if (problem !== null) throw new Error(`${file.location} is damaged: ${problem}.`);
  }
  const texts = (await Promise.all(models.map(textsOf))).flat();
  const contents = files.map((file) => ({ name: `models/${file.sha256}`, file }));
  const entries = [...texts, ...contents].sort((a, b) => (a.name < b.name ? -1 : 1));
  const unfinished = `${path}.${randomUUID()}`;
  try {
    const tar = pack();
    const writing = pipeline(tar, createWriteStream(unfinished, { flags: 'wx' }));
    // What fails in packing fails the writing too, but the packing only sees that the writing ended.
    await Promise.allSettled([packAll(tar, entries), writing]);
    await writing;
    await rename(unfinished, path);
  } catch (error) {
    throw explainDisk(error, dirname(resolve(path)));
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function textsOf({ manifest, folder }: FoundManifest): Promise<Entry[]> {
  const name = `${manifest.id}@${manifest.version}`;
  const licence = await findLicence(join(folder, manifest.id));
  return [
    { name: `licences/${name}.txt`, text: licence ?? `SPDX-License-Identifier: ${manifest.licence}\n` },
    { name: `manifests/${name}.json`, text: `${JSON.stringify(manifest, null, 2)}\n` },
  ];
}

/** The text that lies beside a model's files, where there is one. */
async function findLicence(folder: string): Promise<string | null> {
  const names = await readdir(folder).catch(() => []);
  const name = names.sort().find((one) => /^(LICEN[CS]E|COPYING)(\.(txt|md))?$/i.test(one));
  return name === undefined ? null : readFile(join(folder, name), 'utf8');
}

async function packAll(tar: Pack, entries: readonly Entry[]): Promise<void> {
  try {
    const sums = entries.map((entry) => `${sumOf(entry)}  ${entry.name}\n`).join('');
    for (const entry of [{ name: CHECKSUMS, text: sums }, ...entries]) await packOne(tar, entry);
    tar.finalize();
  } catch (error) {
    tar.destroy(error as Error);
    throw error;
  }
}

function sumOf(entry: Entry): string {
  return 'file' in entry ? entry.file.sha256 : createHash('sha256').update(entry.text).digest('hex');
}

async function packOne(tar: Pack, entry: Entry): Promise<void> {
  const [content, size] =
    'text' in entry
      ? [Readable.from([entry.text]), Buffer.byteLength(entry.text)]
      : [createReadStream(entry.file.location), entry.file.bytes];
  await pipeline(content, tar.entry({ name: entry.name, size, mode: 0o644, mtime: new Date(0) }));
}
