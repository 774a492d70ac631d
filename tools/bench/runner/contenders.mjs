import ort from 'onnxruntime-node';
import { serveModel } from '@ganglion/inference';
import { stackRows } from '@ganglion/tensor';

const CPU = /** @type {const} */ ({ provider: 'cpu', index: 0 });

/**
 * @typedef {import('./subjects.mjs').Subject} Subject
 * @typedef {import('@ganglion/inference').TensorMap} TensorMap
 * @typedef {import('@ganglion/inference').ServedModel} ServedModel
 */

/**
 * The model as a service serves it.
 *
 * @param {Subject} subject
 * @param {{
 *   cacheFolder: string, device?: import('@ganglion/inference').Device, threads?: number, instances?: number,
 *   runner?: import('@ganglion/inference').RunnerOptions,
 * }} options
 */
export function serve({ found }, { cacheFolder, device = CPU, threads = 1, instances = 1, runner }) {
  return serveModel(found, {
    settings: { device, intraOpThreads: threads },
    cacheFolder,
    instances,
    licences: [found.manifest.licence],
    ...(runner && { runner }),
  });
}

/**
 * The same files in ONNX Runtime itself, without anything of ours around it.
 *
 * @param {Subject} subject
 * @param {ServedModel} served gives the files' bytes
 * @param {number} threads
 */
export async function openRaw({ found, row }, served, threads) {
  const { entry, files } = found.manifest;
  const others = files.filter(({ path }) => path !== entry);
  const externalData = await Promise.all(
    others.map(async ({ path }) => ({ path, data: await served.readFile(path) })),
  );
  const session = await ort.InferenceSession.create(await served.readFile(entry), {
    intraOpNumThreads: threads,
    ...(externalData.length > 0 && { externalData }),
  });
  return {
    /** Feeds of a number of equal rows, made once: raw ONNX Runtime does not consume them. */
    feeds: (/** @type {number} */ rows) => toFeeds(stack(Array.from({ length: rows }, () => row()))),
    run: (/** @type {Record<string, ort.Tensor>} */ feeds) => session.run(feeds),
    close: () => session.release(),
  };
}

/** @param {readonly TensorMap[]} rows @returns {TensorMap} */
function stack(rows) {
  return Object.fromEntries(
    Object.keys(rows[0] ?? {}).map((name) => [name, stackRows(rows.flatMap((row) => row[name] ?? []))]),
  );
}

/** @param {TensorMap} inputs */
function toFeeds(inputs) {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { dtype, data, shape }]) => [
      name,
      new ort.Tensor(/** @type {'float32'} */ (dtype), /** @type {Float32Array} */ (data), shape),
    ]),
  );
}
