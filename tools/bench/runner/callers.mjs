import { quantile } from '../figures.mjs';

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
  /** @type {number[]} */
  const latencies = [];
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
  latencies.sort((left, right) => left - right);
  return {
    perSecond: latencies.length / elapsedSeconds,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    calls: latencies.length,
  };
}
