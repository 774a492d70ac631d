import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A server whose parent was killed lets the services drain first, and then has its own time to end. */
const GONE_WITHIN_MS = 20_000;

/**
 * Waits for the server that an earlier, killed start left behind: two on the same files would damage them.
 *
 * @param {number} pid what the server wrote down; in a container it may belong to another program by now
 * @param {string} program
 * @returns {Promise<void>} also when it does not go
 */
export async function waitUntilGone(pid, program) {
  for (const since = Date.now(); Date.now() - since < GONE_WITHIN_MS; await sleep(100)) {
    if (!(await isRunning(pid, program))) return;
  }
}

async function isRunning(/** @type {number} */ pid, /** @type {string} */ program) {
  const name = process.platform === 'linux' ? readFile(`/proc/${pid}/comm`, 'utf8') : nameByPs(pid);
  return (await name.catch(() => '')).trim().endsWith(program);
}

async function nameByPs(/** @type {number} */ pid) {
  return (await promisify(execFile)('ps', ['-o', 'comm=', '-p', String(pid)])).stdout;
}
