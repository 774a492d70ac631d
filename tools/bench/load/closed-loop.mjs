import { quantile } from '../figures.mjs';
import { writeRequest } from './http-message.mjs';
import { runLoad } from './run-load.mjs';

/**
 * `requests` are sent one after the other, round and round, by `callers` connections that each wait for their answer;
 * `accept` throws when an answer is wrong; `core` is the one that the load may use.
 *
 * @typedef {{
 *   url: string, callers: number, seconds: number, warmupSeconds?: number, core?: number,
 *   requests: readonly import('./http-message.mjs').HttpRequest[],
 *   accept?: (index: number, body: Buffer) => void,
 * }} ClosedLoop
 *
 * `answers` counts all, with those of the warm-up; `loadBusy` is the share of its core that the load took: near 1 it is
 * the load that was measured, not the server.
 * @typedef {{
 *   answers: number, requestsPerSecond: number, p50Ms: number, p90Ms: number, p99Ms: number, errors: number,
 *   firstError?: string, loadBusy: number,
 * }} LoadFigures
 */

/**
 * Measures a server by a closed loop of callers, out of a process of its own.
 *
 * @param {ClosedLoop} options
 * @returns {Promise<LoadFigures>} Of the answers that came within `seconds`, after the warm-up.
 */
export async function run({ url, callers, seconds, warmupSeconds = 0.5, core, requests, accept }) {
  const { host, hostname, port } = new URL(url);
  const plan = {
    host: hostname,
    port: Number(port),
    requests: requests.map((request) => writeRequest(request, host)),
    callers,
    warmupMs: warmupSeconds * 1000,
    durationMs: seconds * 1000,
  };
  /** @type {import('./closed-loop.process.mjs').LoadResult} */
  const result = await runLoad('./closed-loop.process.mjs', plan, core);
  const { answers, latenciesMs, elapsedMs, busy, kept, errors, firstError } = result;
  for (const { index, body } of kept) accept?.(index, body);
  const sorted = latenciesMs.sort();
  return {
    answers,
    requestsPerSecond: (latenciesMs.length / elapsedMs) * 1000,
    p50Ms: quantile(sorted, 0.5),
    p90Ms: quantile(sorted, 0.9),
    p99Ms: quantile(sorted, 0.99),
    errors,
    ...(firstError !== undefined && { firstError }),
    loadBusy: busy,
  };
}
