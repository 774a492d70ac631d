import { figure } from '../figures.mjs';
import { closedLoop } from './callers.mjs';
import { openRaw, serve } from './contenders.mjs';

const SECONDS = 2;

/**
 * What one caller, alone, pays over raw ONNX Runtime at the same number of threads: the difference of the medians.
 *
 * @param {import('./subjects.mjs').Subject} subject
 * @param {import('../bench.mjs').BenchOptions} options
 */
export async function measureSingle(subject, { rounds, say, cacheFolder }) {
  const served = await serve(subject, { cacheFolder });
  const raw = await openRaw(subject, served, 1);
  const feeds = raw.feeds(1);
  const extra = [];
  for (let round = 0; round < rounds; round += 1) {
    const bare = await closedLoop(1, SECONDS, () => raw.run(feeds));
    const rows = Array.from({ length: 16 }, () => subject.row());
    const ours = await closedLoop(1, SECONDS, () => served.runner.run(rows.pop() ?? subject.row()));
    say(`  ${subject.name}: ${bare.p50Ms.toFixed(3)} ms raw, ${ours.p50Ms.toFixed(3)} ms ours`);
    extra.push(ours.p50Ms - bare.p50Ms);
  }
  await raw.close();
  await served.runner.close();
  return [figure(`single/${subject.name}`, extra, { unit: 'ms', goal: { atMost: 0.2 } })];
}
