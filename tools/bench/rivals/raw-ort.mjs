import { join } from 'node:path';
import { runLoad } from '../load/run-load.mjs';

/**
 * ONNX Runtime itself with a workload's model, in a process of its own, on one thread: the network alone, without
 * reading an input or making an answer of its output.
 *
 * @type {import('./measure-rivals.mjs').Competitor}
 */
export const RAW_ORT = {
  name: 'onnxruntime',
  start: async (workload, { core }) => ({
    load: (callers, seconds) => load(workload, { callers, seconds, core }),
    stop: async () => {},
  }),
};

/**
 * So many callers are a batch of so many rows, or one row after the other where that is faster.
 *
 * @param {import('../workloads/workload.mjs').Workload} workload
 * @param {{ callers: number, seconds: number, core: number }} options
 * @returns {Promise<import('./measure-rivals.mjs').Turn>}
 */
async function load({ folder, feeds }, { callers, seconds, core }) {
  const rows = Array.from({ length: callers }, (_, index) => feeds[index % feeds.length] ?? {});
  const plan = { graph: join(folder, 'graph.onnx'), single: rows[0], batch: stack(rows), seconds };
  /** @typedef {import('../runner/callers.mjs').Load} Load */
  /** @type {{ single: Load, batch: Load | undefined }} */
  const { single, batch } = await runLoad('../rivals/raw-ort.process.mjs', plan, core);
  const isBatched = batch !== undefined && batch.perSecond * callers > single.perSecond;
  const { calls, p50Ms, p99Ms } = isBatched ? batch : single;
  return {
    answers: isBatched ? calls * callers : calls,
    requestsPerSecond: isBatched ? batch.perSecond * callers : single.perSecond,
    ...{ p50Ms, p90Ms: NaN, p99Ms, errors: 0, loadBusy: NaN, cpuMsPerRequest: NaN },
  };
}

/** @typedef {import('./raw-ort.process.mjs').Feeds} Feeds */

/** @param {readonly Feeds[]} rows @returns {Feeds} */
function stack(rows) {
  return Object.fromEntries(
    Object.entries(rows[0] ?? {}).map(([name, { type, data, dims }]) => {
      const joined = new data.constructor(data.length * rows.length);
      rows.forEach((row, index) => joined.set(row[name]?.data, index * data.length));
      return [name, { type, data: joined, dims: [(dims[0] ?? 1) * rows.length, ...dims.slice(1)] }];
    }),
  );
}
