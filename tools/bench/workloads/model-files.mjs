import { copyFile, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cacheFolder } from '../../servers/cache-folder.mjs';
import { SetupError } from '../../servers/setup-error.mjs';
import { REPOSITORY } from '../../start/repository.mjs';

/**
 * Lays a model's files side by side, under their names in the manifest.
 *
 * @param {string} app
 * @param {string} model
 * @param {string} folder
 * @returns {Promise<{ labels: string[], preprocessing: any }>} the manifest
 * @throws SetupError when the cache lacks one
 */
export async function layModelFiles(app, model, folder) {
  const models = join(REPOSITORY, 'apps', app, 'models');
  const manifest = JSON.parse(await readFile(join(models, `${model}.json`), 'utf8'));
  await copyFile(join(models, `${model}.json`), join(folder, 'manifest.json'));
  for (const { path, sha256, sources } of manifest.files) {
    const [source] = sources;
    const stored = source.startsWith('file:')
      ? join(models, source.slice('file:'.length))
      : join(cacheFolder(), 'models', sha256);
    await copyFile(stored, join(folder, basename(path))).catch(() => {
      throw new SetupError(`${stored} is missing: "npm start -- --once --only ${app}" pulls it.`);
    });
  }
  return manifest;
}

/** A module of an app as it was built: the app's own code makes the answers that are right. */
export function importBuilt(/** @type {string} */ app, /** @type {string} */ module) {
  return import(pathToFileURL(join(REPOSITORY, 'apps', app, 'dist', module)).href);
}
