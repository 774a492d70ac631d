import type { ModelFileEntry } from '@ganglion/contracts/model-manifest';
import { realpath, stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import type { ModelCache } from './model-cache.js';
import { parseSource } from './source.js';

/**
 * Where a file of a model lies on this machine: beside its manifest, or in the cache. Its content is proved when it is
 * read, not here.
 *
 * @param folder The manifest's.
 * @returns An absolute path, or null when the file is not there.
 * @throws Error when a `file:` source leaves the manifest's folder, by its name or by a link.
 */
export async function locateFile(
  file: ModelFileEntry,
  folder: string,
  cache: ModelCache,
): Promise<string | null> {
  for (const text of file.sources) {
    const source = parseSource(text);
    const location = source.kind === 'file' ? await locateBeside(folder, source.path) : null;
    if (location !== null) return location;
  }
  return (await cache.has(file)) ? cache.locate(file) : null;
}

async function locateBeside(folder: string, path: string): Promise<string | null> {
  const named = resolve(folder, path);
  requireWithin(folder, named, path);
  try {
    const [realFolder, real] = await Promise.all([realpath(folder), realpath(named)]);
    requireWithin(realFolder, real, path);
    return (await stat(real)).isFile() ? real : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function requireWithin(folder: string, location: string, path: string): void {
  if (!location.startsWith(folder + sep))
    throw new Error(`The model file "${path}" lies outside of ${folder}.`);
}
