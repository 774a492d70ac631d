import { figure } from '../figures.mjs';
import { closedLoop } from './callers.mjs';
import { openRaw, serve } from './contenders.mjs';

const SECONDS = 2;
const CALLERS = 32;

/**
 * What one call through the Runner costs with 32 callers, beside the computing: the time a call took minus the time
 * that raw ONNX Runtime takes a row in batches of 32.
 *
 * @param {import('./subjects.mjs').Subject} subject
 * @param {import('../bench.mjs').BenchOptions} options
 */
export async function measureCallCost(subject, { rounds, say, cacheFolder }) {
  const served = await serve(subject, { cacheFolder });
  const raw = await openRaw(subject, served, 1);
  const feeds = raw.feeds(CALLERS);
  const costs = [];
  for (let round = 0; round < rounds; round += 1) {
    const bare = await closedLoop(1, SECONDS, () => raw.run(feeds));
    const ours = await closedLoop(CALLERS, SECONDS, () => served.runner.run(subject.row()));
    const rawUs = 1e6 / (bare.perSecond * CALLERS);
    say(
      `  ${subject.name}: ${rawUs.toFixed(2)} µs a row raw, ${(1e6 / ours.perSecond).toFixed(2)} µs a call ours`,
    );
    costs.push(1e6 / ours.perSecond - rawUs);
  }
  await raw.close();
  await served.runner.close();
  return [figure(`call-cost/${subject.name}`, costs, { unit: 'µs', goal: { atMost: 10 } })];
}
