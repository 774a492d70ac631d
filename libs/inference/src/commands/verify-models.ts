import { rm } from 'node:fs/promises';
import { findDevice } from '../engines/find-device.js';
import { proveFile } from '../hub/model-cache.js';
import type { FoundManifest } from '../manifests/read-manifests.js';
import { serveModel, type ServeOptions } from '../serving/serve-model.js';
import type { Catalogue } from './catalogue.js';
import type { Output } from './output.js';

/**
 * Compares every cached file with its sha256, and deletes what is damaged, so that the next pull brings it anew; then
 * loads models as they serve, with their probes.
 *
 * @param ids Of the models that must be there; when there is none, all that are.
 * @returns Whether all is well.
 */
export async function verifyModels(
  ids: readonly string[],
  catalogue: Catalogue,
  output: Output,
): Promise<boolean> {
  const areWhole = await verifyFiles(catalogue, output);
  const chosen = ids.length > 0 ? catalogue.choose(ids) : catalogue.models;
  const device = await findDevice(process.env['GANGLION_DEVICE'] || 'auto', (line) =>
    process.stderr.write(`${line}\n`),
  );
  const options = { settings: { device }, cacheFolder: catalogue.cacheFolder, licences: catalogue.licences };
  let areWell = areWhole;
  for (const found of chosen) {
    const state = await catalogue.stateOf(found);
    const result =
      state === 'cached' ? await verifyModel(found, options) : { isWell: ids.length === 0, state };
    const name = `${found.manifest.id}@${found.manifest.version}`;
    output.tell({ model: name, ...result }, `${name}: ${result.state}`);
    areWell &&= result.isWell;
  }
  return areWell;
}

async function verifyFiles({ cache }: Catalogue, output: Output): Promise<boolean> {
  const files = (await cache.entries()).filter(({ isWhole }) => isWhole);
  let damaged = 0;
  for (const { name, path, bytes } of files) {
    const problem = await proveFile(path, { sha256: name, bytes });
    if (problem === null) continue;
    damaged += 1;
    await rm(path, { force: true });
    output.tell(
      { file: path, isWell: false, state: problem },
      `${path} was damaged and is deleted: ${problem}`,
    );
  }
  output.tell(
    { files: files.length, damaged },
    `${files.length} files in the cache, ${damaged} of them damaged.`,
  );
  return damaged === 0;
}

async function verifyModel(
  found: FoundManifest,
  options: ServeOptions,
): Promise<{ readonly isWell: boolean; readonly state: string }> {
  const raw = found.manifest.probes.filter((probe) => probe.raw !== undefined).length;
  const count = found.manifest.probes.length - raw;
  try {
    const { runner, device } = await serveModel(found, options);
    await runner.close();
    const proved = `proved by ${count} ${count === 1 ? 'probe' : 'probes'}`;
    const left =
      raw === 0 ? '' : `; ${raw} more with its service's preprocessing, which runs when that starts`;
    return {
      isWell: true,
      state: `${count > 0 ? proved : 'unverified: it has no probe'}, loads on ${device}${left}`,
    };
  } catch (error) {
    return { isWell: false, state: (error as Error).message };
  }
}
