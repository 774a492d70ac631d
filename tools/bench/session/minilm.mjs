/** The sentiment model of `apps/nlp`, with the files that `npm start` or `npm test` has pulled, in any place. */
import { join } from 'node:path';
import { DEFAULT_LICENCES, defaultCacheFolder, readManifests, serveModel } from '@ganglion/inference';

import { tensor } from '@ganglion/tensor';

const APP = join(import.meta.dirname, '..', '..', '..', 'apps', 'nlp');

/**
 * @param {string} placement
 * @returns {Promise<import('@ganglion/inference').ServedModel>}
 */
export async function openMiniLm(placement) {
  const [found] = await readManifests(APP);
  if (!found) throw new Error(`There is no model in ${APP}.`);
  const manifest = /** @type {typeof found.manifest} */ ({ ...found.manifest, placement });
  return serveModel(
    { ...found, manifest },
    {
      settings: { device: { provider: 'cpu', index: 0 }, intraOpThreads: 1 },
      cacheFolder: defaultCacheFolder(),
      licences: DEFAULT_LICENCES,
    },
  );
}

/** Runs the inputs of the first probe. */
export function runOnce(/** @type {import('@ganglion/inference').ServedModel} */ { runner, manifest }) {
  const [probe] = manifest.probes;
  if (!probe) throw new Error(`${manifest.id} has no probe.`);
  const inputs = Object.entries(probe.inputs).map(([name, { dtype, shape, data }]) => {
    if (dtype !== 'int64') throw new Error(`"${name}" is ${dtype}, but int64 was expected.`);
    return [name, tensor(dtype, shape, BigInt64Array.from(data, BigInt))];
  });
  return runner.run(Object.fromEntries(inputs));
}
