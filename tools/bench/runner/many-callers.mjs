import { figure } from '../figures.mjs';
import { closedLoop } from './callers.mjs';
import { openRaw, serve } from './contenders.mjs';

const SECONDS = 3;
const CALLERS = 32;

/**
 * 32 callers at once: rows a second against raw ONNX Runtime in batches of 32, and the latency of the slowest hundredth
 * against the same callers served one by one.
 *
 * @param {import('./subjects.mjs').Subject} subject
 * @param {import('../bench.mjs').BenchOptions} options
 */
export async function measureCallers(subject, { rounds, say, cacheFolder }) {
  const served = await serve(subject, { cacheFolder });
  const oneByOne = await serve(subject, { cacheFolder, runner: { maxBatch: 1 } });
  const raw = await openRaw(subject, served, 1);
  const feeds = raw.feeds(CALLERS);
  /** @type {number[]} */
  const throughput = [];
  /** @type {number[]} */
  const tails = [];
  for (let round = 0; round < rounds; round += 1) {
    const bare = await closedLoop(1, SECONDS, () => raw.run(feeds));
    const ours = await closedLoop(CALLERS, SECONDS, () => served.runner.run(subject.row()));
    const single = await closedLoop(CALLERS, SECONDS, () => oneByOne.runner.run(subject.row()));
    say(
      `  ${subject.name}: batch of ${CALLERS} in ${bare.p50Ms.toFixed(2)} ms; ${(bare.perSecond * CALLERS).toFixed(0)} rows/s raw, ` +
        `${ours.perSecond.toFixed(0)} ours, ${single.perSecond.toFixed(0)} one by one; p99 ${ours.p99Ms.toFixed(2)} and ${single.p99Ms.toFixed(2)} ms`,
    );
    throughput.push(ours.perSecond / (bare.perSecond * CALLERS));
    tails.push(ours.p99Ms / single.p99Ms);
  }
  await raw.close();
  await Promise.all([served.runner.close(), oneByOne.runner.close()]);
  return [
    figure(`batched/${subject.name}`, throughput, { goal: { atLeast: 0.95 } }),
    figure(`batched-p99/${subject.name}`, tails, { goal: { atMost: 1.1 } }),
  ];
}
