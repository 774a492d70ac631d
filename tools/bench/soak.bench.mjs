/** Minutes at twice the capacity: what is accepted is answered in time, what is not is told so at once, and memory stays. */
import { dirname } from 'node:path';
import { figure } from './figures.mjs';
import { run } from './load/closed-loop.mjs';
import { runOpenLoop } from './load/open-loop.mjs';
import { openPath } from './path/open-path.mjs';
import { TABULAR_PATH, tabularRequest } from './path/tabular-request.mjs';
import { makePerceptron } from './runner/subjects.mjs';
import { slopePercentPerMinute } from './soak/slope.mjs';
import { watchMemory } from './soak/watch-memory.mjs';

export const summary = 'minutes at twice the capacity: memory, latency of the accepted, speed of refusals';

const CAPACITY_SECONDS = 10;
const CAPACITY_CALLERS = 64;
const REFERENCE_SECONDS = 15;
/** What fills up in the first minutes, such as caches and the heap, is no leak. */
const SETTLING_MINUTES = 2;
/** Calls that an instance takes at the same time: the default of `GANGLION_MAX_IN_FLIGHT`. */
const MAX_IN_FLIGHT = 1_024;
/** Of `GANGLION_MAX_QUEUE_MS`, so that the time is the bound that is reached. */
const MAX_QUEUE_MS = 500;

/**
 * With the small network gateway and NATS are what is overloaded: their bound is the number of calls in flight. With
 * the large one it is the model, whose queue is bound in time.
 *
 * @typedef {{ name: string, layers: number[], boundMs: (capacity: number) => number }} Subject
 *
 * @type {readonly Subject[]}
 */
const SUBJECTS = [
  { name: 'path', layers: [30, 64, 32, 1], boundMs: (capacity) => (MAX_IN_FLIGHT / capacity) * 1_000 },
  { name: 'model', layers: [30, 4_096, 4_096, 4_096, 1], boundMs: () => MAX_QUEUE_MS },
];

/** @type {import('./bench.mjs').Bench['measure']} */
export async function measure(options) {
  const figures = [];
  for (const subject of SUBJECTS) figures.push(...(await soak(subject, options)));
  return figures;
}

/** @param {Subject} subject @param {import('./bench.mjs').BenchOptions} options */
async function soak({ name, layers, boundMs }, { minutes, say, cacheFolder }) {
  const { found, remove } = await makePerceptron(`soak-${name}`, layers);
  const env = { GANGLION_MAX_QUEUE_MS: String(MAX_QUEUE_MS) };
  const path = await openPath({ model: dirname(found.folder), cacheFolder, env });
  const requests = [tabularRequest(TABULAR_PATH, path.authorization)];
  const open = (/** @type {number} */ ratePerSecond, /** @type {number} */ seconds) =>
    runOpenLoop({ url: path.url, requests, ratePerSecond, seconds, windowSeconds: 60 });
  try {
    const closed = {
      url: path.url,
      requests,
      callers: CAPACITY_CALLERS,
      seconds: CAPACITY_SECONDS,
    };
    const { requestsPerSecond: capacity } = await run({ ...closed, warmupSeconds: 5 });
    const { windows: reference } = await open(0.8 * capacity, REFERENCE_SECONDS);
    const referenceP99Ms = reference[0]?.acceptedP99Ms ?? NaN;
    say(`${name}: ${capacity.toFixed(0)}/s at most; p99 ${referenceP99Ms.toFixed(1)} ms at 80 % of it`);
    const memory = watchMemory(path.pids);
    const { windows, busy, firstError } = await open(2 * capacity, minutes * 60);
    const held = memory.stop();
    for (const window of windows) say(`  ${describe(window)}`);
    say(`  the load took ${busy.toFixed(2)} of a core${firstError ? `; first error: ${firstError}` : ''}`);
    const settled = windows.slice(minutes > SETTLING_MINUTES ? SETTLING_MINUTES : 0);
    const mostMs = 1.2 * referenceP99Ms + boundMs(capacity);
    return [
      ...Object.entries(held).map(([process, samples]) =>
        figure(`soak/${name}/${process}-memory`, slopePercentPerMinute(samples, SETTLING_MINUTES), {
          unit: '%/min',
          goal: { atMost: 1 },
        }),
      ),
      figure(
        `soak/${name}/accepted-p99`,
        settled.map(({ acceptedP99Ms }) => acceptedP99Ms),
        { unit: 'ms', goal: { atMost: Number(mostMs.toPrecision(4)) } },
      ),
      figure(
        `soak/${name}/refused-p99`,
        settled.map(({ refusedP99Ms }) => refusedP99Ms),
        { unit: 'ms', goal: { atMost: 50 } },
      ),
      figure(
        `soak/${name}/errors`,
        windows.map(({ errors }) => errors),
        { unit: 'requests', goal: { atMost: 0 } },
      ),
    ];
  } finally {
    await path.stop();
    await remove();
  }
}

/** @param {import('./load/load-window.mjs').LoadWindow} window */
function describe({ accepted, acceptedP99Ms, refused, refusedP99Ms, errors }) {
  return (
    `${accepted} accepted, p99 ${acceptedP99Ms.toFixed(1)} ms; ` +
    `${refused} refused, p99 ${refusedP99Ms.toFixed(1)} ms; ${errors} errors`
  );
}
