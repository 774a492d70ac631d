import { execFile } from 'node:child_process';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SetupError } from '../servers/setup-error.mjs';

/**
 * Takes a state folder for this process; what a killed one left is taken over.
 *
 * @param {string} folder
 * @returns {Promise<() => Promise<void>>} gives it back
 * @throws SetupError when another process has it
 */
export async function lockState(folder) {
  const lock = join(folder, 'lock.json');
  const mine = JSON.stringify({ pid: process.pid, born: await birth(process.pid) });
  const candidate = `${lock}.${process.pid}`;
  await writeFile(candidate, mine, { mode: 0o600 });
  try {
    if (!(await claim(candidate, lock))) {
      await refuseLivingOwner(lock, folder);
      await rename(lock, `${candidate}.stale`).catch(() => undefined);
      await rm(`${candidate}.stale`, { force: true });
      if (!(await claim(candidate, lock))) throw inUse(folder);
    }
  } finally {
    await rm(candidate);
  }
  return () => rm(lock, { force: true });
}

/** A link is made by one process alone, and with its content. */
async function claim(/** @type {string} */ candidate, /** @type {string} */ lock) {
  return link(candidate, lock).then(
    () => true,
    () => false,
  );
}

async function refuseLivingOwner(/** @type {string} */ lock, /** @type {string} */ folder) {
  const owner = await readFile(lock, 'utf8').then(JSON.parse, () => undefined);
  if (owner?.pid && (await birth(owner.pid)) === owner.born) throw inUse(folder, owner.pid);
}

function inUse(/** @type {string} */ folder, /** @type {number | undefined} */ pid = undefined) {
  const owner = pid ? ` (process ${pid})` : '';
  return new SetupError(
    `Ganglion runs already with ${folder}${owner}: stop that one, or set GANGLION_HOME and GANGLION_PORT for a second.`,
  );
}

/** When a process began, for its number may belong to another one later; undefined when there is none. */
async function birth(/** @type {number} */ pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat !== undefined) return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  return stdout.trim() || undefined;
}
