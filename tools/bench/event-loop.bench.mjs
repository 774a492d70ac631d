/** How long the event loop of a service is held up while its model computes without a pause. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { figure } from './figures.mjs';
import { openMiniLm, runOnce } from './session/minilm.mjs';

const GOAL = { atMost: 20 };
/** Requests that wait at any time: several full batches. */
const IN_FLIGHT = 64;
const ROUND_MS = 2_000;

export const summary = 'delay of the event loop (p99) while a model computes without a pause, by its place';

/** @type {import('./bench.mjs').Bench['measure']} */
export async function measure({ rounds }) {
  const figures = [];
  for (const placement of ['thread', 'process', 'inline']) {
    const delaysMs = await measurePlace(placement, rounds);
    const goal = placement === 'inline' ? {} : { goal: GOAL };
    figures.push(figure(`${placement}.event-loop-delay-p99`, delaysMs, { unit: 'ms', ...goal }));
  }
  return figures;
}

async function measurePlace(/** @type {string} */ placement, /** @type {number} */ rounds) {
  const model = await openMiniLm(placement);
  let isLoaded = true;
  const load = Array.from({ length: IN_FLIGHT }, async () => {
    while (isLoaded) await runOnce(model);
  });
  const delaysMs = [];
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  for (let round = 0; round < rounds; round += 1) {
    histogram.reset();
    histogram.enable();
    await sleep(ROUND_MS);
    histogram.disable();
    delaysMs.push(histogram.percentile(99) / 1e6);
  }
  isLoaded = false;
  await Promise.all(load);
  await model.runner.close();
  return delaysMs;
}
