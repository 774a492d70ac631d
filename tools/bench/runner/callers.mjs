import { quantile } from '../figures.mjs';
import { GrowingArray } from '../load/growing-array.mjs';

/**
 * What a number of callers got who each ask again as soon as they are answered.
 *
 * @typedef {{ perSecond: number, p50Ms: number, p99Ms: number, calls: number }} Load
 */

/**
 * @param {number} callers
 * @param {number} seconds
 * @param {(caller: number) => Promise<unknown>} call
 * @returns {Promise<Load>}
 */
export async function closedLoop(callers, seconds, call) {
  const latencies = new GrowingArray();
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      for (let askedAt = performance.now(); askedAt < until;) {
        await call(caller);
        const answeredAt = performance.now();
        latencies.push(answeredAt - askedAt);
        askedAt = answeredAt;
      }
    }),
  );
  const elapsedSeconds = (performance.now() - startedAt) / 1_000;
  const sorted = latencies.values.sort();
  return {
    perSecond: sorted.length / elapsedSeconds,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    calls: sorted.length,
  };
}
