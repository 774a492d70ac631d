/** How much memory a service holds after a model was loaded and unloaded many times, by the place where it ran. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { figure } from './figures.mjs';

const run = promisify(execFile);
const PROGRAM = join(import.meta.dirname, 'session', 'memory-rounds.mjs');
const LOADS_A_ROUND = 20;
const GOAL = { atMost: 5 };
/** Where a place ends is told by its last loads: one alone may come before a collection or after it. */
const LAST_LOADS = 10;

export const summary = 'memory that a service keeps of a model that was loaded and unloaded, by its place';

/** @type {import('./bench.mjs').Bench['measure']} */
export async function measure({ rounds }) {
  const loads = rounds * LOADS_A_ROUND;
  const figures = [];
  for (const placement of ['process', 'thread', 'inline']) {
    const { stdout } = await run(process.execPath, ['--expose-gc', PROGRAM, placement, `${loads}`]);
    /** @type {number[]} */
    const heldMib = JSON.parse(stdout);
    const [first = NaN] = heldMib;
    const growth = heldMib.slice(-LAST_LOADS).map((mib) => (mib / first - 1) * 100);
    const goal = placement === 'process' ? { goal: GOAL } : {};
    figures.push(figure(`${placement}.growth-after-${loads}-loads`, growth, { unit: '%', ...goal }));
    figures.push(
      figure(`${placement}.held-after-${loads}-loads`, heldMib.slice(-LAST_LOADS), { unit: 'MiB' }),
    );
  }
  return figures;
}
