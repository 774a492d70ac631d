import { readdir, readFile } from 'node:fs/promises';

/** Linux counts processor time in hundredths of a second, whatever its kernel's own clock. */
const MS_PER_TICK = 10;

/**
 * A process and all that it started, itself first; itself alone where there is no `/proc`.
 *
 * @param {number} root
 * @returns {Promise<number[]>}
 */
export async function processTree(root) {
  const parents = await parentsById();
  const tree = [root];
  for (const parent of tree) {
    for (const [pid, of] of parents) if (of === parent) tree.push(pid);
  }
  return tree;
}

/** Sends a signal to those that still run. @param {readonly number[]} pids @param {NodeJS.Signals} signal */
export function signalAll(pids, signal) {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended.
    }
  }
}

/**
 * Processor time that these have used so far, in milliseconds; NaN where there is no `/proc`.
 *
 * @param {readonly number[]} pids
 */
export async function cpuMsOf(pids) {
  if (process.platform !== 'linux') return NaN;
  const used = await Promise.all(pids.map(async (pid) => (await statOf(pid)).cpuTicks));
  return used.reduce((sum, ticks) => sum + ticks, 0) * MS_PER_TICK;
}

/**
 * Memory that these hold, in MiB; NaN where there is no `/proc`.
 *
 * @param {readonly number[]} pids
 */
export async function residentMibOf(pids) {
  if (process.platform !== 'linux') return NaN;
  const kib = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
    }),
  );
  return kib.reduce((sum, value) => sum + value, 0) / 1_024;
}

/** @returns {Promise<Map<number, number>>} */
async function parentsById() {
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => pid > 0);
  return new Map(
    await Promise.all(pids.map(async (pid) => /** @type {const} */ ([pid, (await statOf(pid)).parent]))),
  );
}

/** `/proc/<pid>/stat`: pid (name) state parent …; a name may hold anything. @source proc_pid_stat(5) */
async function statOf(/** @type {number} */ pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(fields[1]), cpuTicks: Number(fields[11] ?? 0) + Number(fields[12] ?? 0) };
}
