import { availableParallelism } from 'node:os';
import { figure } from '../figures.mjs';
import { closedLoop } from './callers.mjs';
import { openRaw, serve } from './contenders.mjs';

const SECONDS = 3;
const CALLERS = 64;

/**
 * Rows a second with more callers than a batch takes, against raw ONNX Runtime at the batch size and the number of
 * threads that suit it best, found first.
 *
 * @param {import('./subjects.mjs').Subject} subject
 * @param {import('../bench.mjs').BenchOptions} options
 */
export async function measureSaturation(subject, { rounds, say, cacheFolder }) {
  const cores = availableParallelism();
  const served = await serve(subject, { cacheFolder, instances: cores });
  const best = await findBest(subject, served, cores);
  say(`${subject.name}: raw ONNX Runtime is best at ${best.rows} rows and ${best.threads} threads.`);
  const raw = await openRaw(subject, served, best.threads);
  const ratios = [];
  for (let round = 0; round < rounds; round += 1) {
    const rawRows = (await runRaw(raw, best.rows, SECONDS)).perSecond * best.rows;
    const ours = await closedLoop(CALLERS, SECONDS, () => served.runner.run(subject.row()));
    say(`  ${rawRows.toFixed(1)} rows/s raw, ${ours.perSecond.toFixed(1)} rows/s ours`);
    ratios.push(ours.perSecond / rawRows);
  }
  await raw.close();
  await served.runner.close();
  return [figure(`saturation/${subject.name}`, ratios, { goal: { atLeast: 0.95 } })];
}

/**
 * @param {import('./subjects.mjs').Subject} subject
 * @param {import('./contenders.mjs').ServedModel} served
 * @param {number} cores
 */
async function findBest(subject, served, cores) {
  const largest = subject.found.manifest.batching?.maxBatch ?? 1;
  let best = { rows: 1, threads: 1, perSecond: 0 };
  for (const threads of new Set([1, cores])) {
    const raw = await openRaw(subject, served, threads);
    for (let rows = 1; rows <= largest; rows *= 2) {
      const perSecond = (await runRaw(raw, rows, 1)).perSecond * rows;
      if (perSecond > best.perSecond) best = { rows, threads, perSecond };
    }
    await raw.close();
  }
  return best;
}

/** @param {Awaited<ReturnType<typeof openRaw>>} raw */
async function runRaw(raw, /** @type {number} */ rows, /** @type {number} */ seconds) {
  const feeds = raw.feeds(rows);
  await raw.run(feeds);
  return closedLoop(1, seconds, () => raw.run(feeds));
}
