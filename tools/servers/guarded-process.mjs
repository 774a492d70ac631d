import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const WATCHDOG_KILLED = 'its watchdog was killed';
const WATCHDOG = fileURLToPath(new URL('./watchdog.mjs', import.meta.url));

/**
 * What to run. The environment is all that the program sees; `uid` and `gid` need root. `deleteIfOrphaned` are files and
 * folders that make no sense any more once this process is gone.
 *
 * @typedef {{
 *   command: string, args: string[], cwd: string, env: Record<string, string>,
 *   uid?: number, gid?: number, logFile: string, stopSignal: NodeJS.Signals,
 *   deleteIfOrphaned?: string[],
 * }} ServerProgram
 *
 * A running one: `exited` settles, with a word on how, when the program ends for whatever reason.
 * @typedef {{ pid: number, exited: Promise<string>, stop: () => Promise<void> }} GuardedProcess
 */

/**
 * Starts a program that ends when this process ends, even by `kill -9`, and not by a Ctrl-C meant for this one.
 *
 * @param {ServerProgram} program
 * @returns {Promise<GuardedProcess>}
 */
export async function spawnGuarded(program) {
  const watchdog = fork(WATCHDOG, [], {
    detached: true,
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '' },
    cwd: '/',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  /** @type {string} */
  let ending = WATCHDOG_KILLED;
  const exited = new Promise((/** @type {(how: string) => void} */ resolve) => {
    watchdog.on('message', (/** @type {{ exit?: string }} */ { exit }) => {
      if (exit) ending = exit;
    });
    watchdog.once('exit', () => resolve(ending));
  });
  const pid = await new Promise((/** @type {(pid: number) => void} */ resolve, reject) => {
    watchdog.on('message', (/** @type {{ pid?: number, error?: string }} */ { pid, error }) => {
      if (pid) resolve(pid);
      if (error) reject(new Error(error));
    });
    watchdog.once('error', reject);
    watchdog.once('exit', () => reject(new Error(`${program.command}: ${ending}`)));
    watchdog.send({ start: program });
  });
  void exited.then((how) => {
    if (how === WATCHDOG_KILLED) endOrphan(pid, program.stopSignal);
  });
  return {
    pid,
    exited,
    stop: async () => {
      if (watchdog.connected) watchdog.send({ stop: true }, () => {});
      await exited;
    },
  };
}

function endOrphan(/** @type {number} */ pid, /** @type {NodeJS.Signals} */ signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It went together with its watchdog.
  }
}

/** The end of a server's log, for the error that says why it did not start. */
export async function logTail(/** @type {string} */ logFile, lines = 5) {
  const log = await readFile(logFile, 'utf8').catch(() => '');
  return log.trimEnd().split('\n').slice(-lines).join('\n');
}
