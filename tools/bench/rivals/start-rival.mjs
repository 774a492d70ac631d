import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { logTail, spawnGuarded } from '../../servers/guarded-process.mjs';
import { freePort } from '../../servers/ports.mjs';
import { pinned } from '../pinned.mjs';
import { cpuMsOf, processTree, signalAll } from '../process-tree.mjs';
import { installRival } from './install-rival.mjs';
import { RIVALS } from './rivals.mjs';

const PYTHON_FILES = fileURLToPath(new URL('./python/', import.meta.url));
const READY_WITHIN_MS = 120_000;
/** Whatever library computes: on one thread. */
const ONE_THREAD = {
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
  TOKENIZERS_PARALLELISM: 'false',
};

/**
 * A server that runs: `toRequest` and `toAnswer` are how it is spoken to; `pause` and `resume` keep it from computing
 * while another one is measured, `cpuMs` is the processor time that it has used.
 *
 * @typedef {{
 *   url: string,
 *   toRequest: (index: number) => import('../load/http-message.mjs').HttpRequest,
 *   toAnswer: (body: Buffer) => unknown,
 *   stop: () => Promise<void>, pause?: () => Promise<void>, resume?: () => Promise<void>, cpuMs?: () => Promise<number>,
 * }} RunningServer
 */

/**
 * Starts a rival on a free port of 127.0.0.1, held to one core, and waits until it answers.
 *
 * @param {string} name
 * @param {import('../workloads/workload.mjs').Workload} workload
 * @param {{ core?: number, env?: Record<string, string> }} [options] `env` overrides its settings.
 * @returns {Promise<RunningServer>}
 * @throws SetupError when it cannot be installed
 */
export async function startRival(name, workload, { core, env = {} } = {}) {
  const rival = RIVALS[name];
  if (rival === undefined) throw new RangeError(`no rival "${name}": ${Object.keys(RIVALS).join(', ')}`);
  const place = {
    programs: await installRival(name),
    port: await freePort(),
    spare: /** @type {const} */ ([await freePort(), await freePort()]),
    folder: workload.folder,
  };
  const [program, ...args] = rival.command(place);
  const logFile = join(workload.folder, `${name}.log`);
  const server = await spawnGuarded({
    ...pinned(join(place.programs, program), args, core),
    cwd: PYTHON_FILES,
    env: { ...environmentOf(rival, place, workload), ...env },
    logFile,
    stopSignal: 'SIGTERM',
  });
  const running = {
    ...speak(rival, workload),
    url: `http://127.0.0.1:${place.port}`,
    stop: () => stop(server),
    pause: async () => signalAll(await processTree(server.pid), 'SIGSTOP'),
    resume: async () => signalAll(await processTree(server.pid), 'SIGCONT'),
    cpuMs: async () => cpuMsOf(await processTree(server.pid)),
  };
  await ready(running, server).catch(async (error) => {
    await running.stop();
    throw new Error(`${name} did not start: ${error.message}\n${await logTail(logFile, 20)}`);
  });
  return running;
}

/**
 * @param {import('./rivals.mjs').Rival} rival
 * @param {import('./rivals.mjs').Place & { programs: string }} place
 * @param {import('../workloads/workload.mjs').Workload} workload
 * @returns {Record<string, string>}
 */
function environmentOf(rival, place, { name, folder }) {
  return {
    PATH: `${place.programs}:${process.env.PATH}`,
    HOME: folder,
    PYTHONPATH: PYTHON_FILES,
    PYTHONDONTWRITEBYTECODE: '1',
    RIVAL_MODEL: name,
    RIVAL_FOLDER: folder,
    ...ONE_THREAD,
    ...rival.env?.(place),
    ...rival.settings?.[name],
  };
}

/** @param {import('./rivals.mjs').Rival} rival @param {import('../workloads/workload.mjs').Workload} workload */
function speak({ dialect }, { name, inputs }) {
  return {
    toRequest: (/** @type {number} */ index) => {
      const body = dialect.toBody(/** @type {any} */ (inputs[index % inputs.length]));
      const isRaw = Buffer.isBuffer(body);
      return {
        method: 'POST',
        path: dialect.path,
        headers: { 'content-type': isRaw ? 'image/jpeg' : 'application/json' },
        body: isRaw ? body : Buffer.from(JSON.stringify(body)),
      };
    },
    toAnswer: (/** @type {Buffer} */ body) => dialect.toAnswer(JSON.parse(body.toString()), name),
  };
}

/** @param {RunningServer} running @param {import('../../servers/guarded-process.mjs').GuardedProcess} server */
async function ready({ url, toRequest }, server) {
  let ending = '';
  void server.exited.then((how) => (ending = how));
  const { path, ...request } = toRequest(0);
  let last = 'it never listened';
  for (const since = Date.now(); Date.now() - since < READY_WITHIN_MS; await sleep(200)) {
    if (ending) throw new Error(`it ended by ${ending}`);
    const signal = AbortSignal.timeout(10_000);
    const response = await fetch(url + path, { ...request, signal }).catch(() => undefined);
    const text = await response?.text();
    if (response?.ok) return;
    if (response) last = `it answers ${response.status} ${text}`;
  }
  throw new Error(last);
}

/** A server that does not end in good order leaves its workers behind. */
async function stop(/** @type {import('../../servers/guarded-process.mjs').GuardedProcess} */ server) {
  const tree = await processTree(server.pid);
  signalAll(tree, 'SIGCONT');
  await server.stop();
  signalAll(tree, 'SIGKILL');
}
