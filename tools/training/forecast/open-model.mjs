import { fileURLToPath } from 'node:url';
import { DEFAULT_LICENCES, defaultCacheFolder, readManifests, serveModel } from '@ganglion/inference';

const APP = new URL('../../../apps/forecasting/', import.meta.url);

/** A part of the app, as it was built. */
export const loadPart = (/** @type {string} */ name) => import(new URL(`dist/forecast/${name}.js`, APP).href);

const { predictBlocks, continueForecast } = await loadPart('predict-quantiles');

/** Quantiles 0.1 to 0.9 of each step ahead. @typedef {Float64Array[]} QuantileForecast */

/**
 * The service's own model, without its transport: what is measured is what serves.
 *
 * @returns {Promise<{
 *   forecast: (history: Float64Array, horizon: number) => Promise<QuantileForecast>,
 *   close: () => Promise<void>,
 * }>}
 */
export async function openModel() {
  const [found] = await readManifests(fileURLToPath(APP));
  if (found === undefined) throw new Error('There is no manifest.');
  const { runner } = await serveModel(found, {
    settings: { device: { provider: 'cpu', index: 0 }, intraOpThreads: 1 },
    cacheFolder: defaultCacheFolder(),
    licences: DEFAULT_LICENCES,
  });
  const run = async (/** @type {import('@ganglion/inference').TensorMap} */ tensors) =>
    (await runner.run(tensors)).outputs;
  return {
    async forecast(history, horizon) {
      const [first] = await predictBlocks([history], run);
      return continueForecast(history, first, horizon, run);
    },
    close: () => runner.close(),
  };
}
