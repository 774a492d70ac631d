import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../figures.mjs';
import { run } from '../load/closed-loop.mjs';
import { canPin } from '../pinned.mjs';
import { WORKLOADS } from '../workloads/index.mjs';
import { RIVALS } from './rivals.mjs';
import { startRival } from './start-rival.mjs';

/**
 * Whoever takes part: a rival, ours, or raw ONNX Runtime, which is no server and loads itself.
 *
 * @typedef {import('../workloads/workload.mjs').Workload} Workload
 * @typedef {import('./start-rival.mjs').RunningServer} RunningServer
 * @typedef {{ load: (callers: number, seconds: number) => Promise<Turn>, stop: () => Promise<void> }} SelfLoading
 * @typedef {{
 *   name: string, start: (workload: Workload, options: { core: number }) => Promise<RunningServer | SelfLoading>,
 * }} Competitor
 *
 * What is measured: each of `models` with each count of `callers`, `rounds` times; all servers compute on
 * `serverCore`, the load on `loadCore`. A signal ends it between two turns, and its servers with it.
 * @typedef {{
 *   competitors: readonly Competitor[], models: readonly Workload['name'][], callers: readonly number[],
 *   rounds: number, seconds: number, warmupSeconds: number, serverCore: number, loadCore: number, say: (line: string) => void,
 *   signal?: AbortSignal,
 * }} Settings
 *
 * @typedef {{ name: string, server: RunningServer | SelfLoading }} Entrant
 *
 * Medians over the rounds, and the range of the throughput. `cpuMsPerRequest` is the processor time of the server, all
 * its processes together, an answer.
 * @typedef {{
 *   model: string, competitor: string, callers: number, turns: readonly Turn[], requestsPerSecond: number, slowest: number, fastest: number,
 *   p50Ms: number, p90Ms: number, p99Ms: number, errors: number, cpuMsPerRequest: number, loadBusy: number,
 * }} Figures
 */

/** The rivals, each as its own documentation recommends. @type {readonly Competitor[]} */
export const RIVAL_COMPETITORS = Object.keys(RIVALS).map((name) => ({
  name,
  start: (workload, options) => startRival(name, workload, options),
}));

/** @type {Settings} */
const DEFAULTS = {
  competitors: RIVAL_COMPETITORS,
  models: ['tabular', 'text', 'image'],
  callers: [1, 8, 32],
  rounds: 5,
  seconds: 2,
  warmupSeconds: 6,
  serverCore: 0,
  loadCore: 1,
  say: () => undefined,
};

/**
 * Measures servers against each other: all of a model's run at once, and each has its turn in every round, while the
 * others are paused, so that what else the machine does meets them alike. Who goes first changes from round to round.
 *
 * @param {Partial<Settings>} options
 * @returns {Promise<Figures[]>}
 * @throws Error when an answer is wrong
 */
export async function measureRivals(options) {
  const settings = { ...DEFAULTS, ...options };
  if (!canPin) settings.say('There is no taskset here: servers and load run on whatever core is free.');
  /** @type {Figures[]} */
  const figures = [];
  for (const model of settings.models) {
    const folder = await mkdtemp(join(tmpdir(), 'ganglion-bench-'));
    try {
      figures.push(...(await measureModel(await WORKLOADS[model](folder), settings)));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return figures;
}

/** @param {Workload} workload @param {Settings} settings */
async function measureModel(workload, settings) {
  /** @type {Entrant[]} */
  const entrants = [];
  /** @type {Figures[]} */
  const figures = [];
  try {
    for (const { name, start } of settings.competitors) {
      settings.say(`${workload.name}: starting ${name} ...`);
      settings.signal?.throwIfAborted();
      const server = await start(workload, { core: settings.serverCore });
      entrants.push({ name, server });
      if ('load' in server) continue;
      await verifyAll(workload, server).catch((cause) => {
        throw new Error(`${name} on ${workload.name}: ${cause.message}`, { cause });
      });
      await warmUp(server, workload, settings);
      await server.pause?.();
    }
    for (const callers of settings.callers) {
      settings.say(`${workload.name}: ${callers} callers, ${settings.rounds} rounds ...`);
      figures.push(...(await measureInTurns(entrants, workload, callers, settings)));
    }
  } finally {
    await Promise.all(entrants.map(({ server }) => server.stop()));
  }
  return figures;
}

/**
 * What compiles or caches as it goes is measured as it is after thousands of calls.
 *
 * @param {RunningServer} server
 * @param {Workload} workload
 * @param {Settings} settings
 */
async function warmUp(server, workload, { callers, warmupSeconds, loadCore }) {
  await run({
    url: server.url,
    callers: Math.max(...callers),
    seconds: warmupSeconds,
    core: loadCore,
    requests: workload.inputs.map((_, index) => server.toRequest(index)),
  });
}

/** Every input once: who answers another thing is not compared. */
async function verifyAll(/** @type {Workload} */ workload, /** @type {RunningServer} */ server) {
  for (const index of workload.inputs.keys()) {
    const { path, ...request } = server.toRequest(index);
    const response = await fetch(server.url + path, request);
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    workload.verify(server.toAnswer(Buffer.from(await response.arrayBuffer())), index);
  }
}

/** @typedef {import('../load/closed-loop.mjs').LoadFigures & { cpuMsPerRequest: number }} Turn */

/** @param {readonly Entrant[]} entrants @param {Workload} workload @param {number} callers @param {Settings} settings */
async function measureInTurns(entrants, workload, callers, settings) {
  const results = entrants.map(() => /** @type {Turn[]} */ ([]));
  for (let round = 0; round < settings.rounds; round++) {
    for (let turn = 0; turn < entrants.length; turn++) {
      settings.signal?.throwIfAborted();
      const place = (round + turn) % entrants.length;
      const { server } = /** @type {Entrant} */ (entrants[place]);
      results[place]?.push(await measureOnce(server, workload, callers, settings));
    }
  }
  return entrants.map(({ name }, place) => ({
    model: workload.name,
    competitor: name,
    callers,
    turns: results[place] ?? [],
    ...summarise(results[place] ?? []),
  }));
}

/**
 * @param {RunningServer | SelfLoading} server
 * @param {Workload} workload
 * @param {number} callers
 * @param {Settings} settings
 * @returns {Promise<Turn>}
 */
async function measureOnce(server, workload, callers, { seconds, loadCore }) {
  if ('load' in server) return server.load(callers, seconds);
  await server.resume?.();
  const cpuBefore = (await server.cpuMs?.()) ?? NaN;
  const figures = await run({
    url: server.url,
    callers,
    seconds: Math.max(seconds, workload.minSeconds ?? 0),
    core: loadCore,
    requests: workload.inputs.map((_, index) => server.toRequest(index)),
    accept: (index, body) => workload.verify(server.toAnswer(body), index),
  });
  const cpuMs = ((await server.cpuMs?.()) ?? NaN) - cpuBefore;
  await server.pause?.();
  return { ...figures, cpuMsPerRequest: cpuMs / figures.answers };
}

/** A turn without an answer has no latency. @param {readonly Turn[]} turns */
function summarise(turns) {
  const middle = (
    /** @type {'requestsPerSecond' | 'p50Ms' | 'p90Ms' | 'p99Ms' | 'cpuMsPerRequest' | 'loadBusy'} */ key,
  ) => median(turns.map((turn) => turn[key]).filter((value) => !Number.isNaN(value)));
  const throughputs = turns.map(({ requestsPerSecond }) => requestsPerSecond);
  return {
    requestsPerSecond: middle('requestsPerSecond'),
    slowest: Math.min(...throughputs),
    fastest: Math.max(...throughputs),
    p50Ms: middle('p50Ms'),
    p90Ms: middle('p90Ms'),
    p99Ms: middle('p99Ms'),
    errors: turns.reduce((sum, { errors }) => sum + errors, 0),
    cpuMsPerRequest: middle('cpuMsPerRequest'),
    loadBusy: middle('loadBusy'),
  };
}
