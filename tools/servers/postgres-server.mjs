import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { logTail, spawnGuarded } from './guarded-process.mjs';
import { freePort } from './ports.mjs';
import { installPostgres } from './postgres-installation.mjs';
import { waitUntilGone } from './running-program.mjs';
import { SetupError } from './setup-error.mjs';

const run = promisify(execFile);

const ADMINISTRATOR = 'postgres';
const DATABASE = 'ganglion';
/** Recovery after a crash comes before the first connection. */
const READY_WITHIN_MS = 60_000;
/** After a kill its port or its shared memory may stay taken for a moment. */
const START_ATTEMPTS = 10;

/**
 * @typedef {{
 *   folder: string, logFile?: string, port?: number, password?: string, durable?: boolean, deleteIfOrphaned?: string[],
 * }} PostgresOptions
 * `folder` is the state folder: the data lie in it, or, as root, in a system folder of its name. Without `durable` a
 * power cut may lose data: for tests.
 *
 * @typedef {import('./guarded-process.mjs').GuardedProcess & { url: string, port: number }} PostgresServer
 * `url` is the administrator's.
 */

/**
 * Starts PostgreSQL on 127.0.0.1 with a database `ganglion`; the first time it makes the cluster.
 *
 * @param {PostgresOptions} options `password` must be that of the first time.
 * @returns {Promise<PostgresServer>}
 */
export async function startPostgres({ folder, logFile, port, password, durable = true, deleteIfOrphaned }) {
  const installation = await installPostgres(folder);
  const secret = password ?? randomBytes(24).toString('base64url');
  const data = join(installation.home, 'data');
  if (!(await exists(data))) await makeCluster(installation, { data, password: secret, durable });
  await removeStalePidFile(data);
  const log = logFile ?? join(folder, 'postgres.log');
  for (let attempt = 1; ; attempt++) {
    const chosen = port ?? (await freePort());
    const server = await spawnGuarded({
      command: join(installation.programs, 'postgres'),
      args: ['-D', data, ...settings(chosen, durable)],
      cwd: '/',
      env: { LC_ALL: 'C' },
      ...installation.user,
      logFile: log,
      stopSignal: 'SIGINT',
      ...(deleteIfOrphaned && { deleteIfOrphaned }),
    });
    const url = `postgresql://${ADMINISTRATOR}:${secret}@127.0.0.1:${chosen}/${DATABASE}`;
    try {
      if (await acceptsConnections(url, server)) return { ...server, url, port: chosen };
    } catch (error) {
      await server.stop();
      throw error;
    }
    if (attempt === START_ATTEMPTS) throw new Error(`PostgreSQL did not start:\n${await logTail(log)}`);
    await sleep(500);
  }
}

/** SIGINT is PostgreSQL's fast shutdown; no Unix socket, for the path of one may be too long. */
function settings(/** @type {number} */ port, /** @type {boolean} */ durable) {
  const values = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
  ];
  if (!durable) values.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  return values.flatMap((value) => ['-c', value]);
}

/**
 * Made beside its place and moved into it by one rename, so that a cluster is there whole or not at all.
 *
 * @param {import('./postgres-installation.mjs').PostgresInstallation} installation
 * @param {{ data: string, password: string, durable: boolean }} cluster
 */
async function makeCluster({ home, programs, user }, { data, password, durable }) {
  const unfinished = join(home, 'data.unfinished');
  const passwordFile = join(home, 'password.tmp');
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  const { uid, gid } = user;
  if (uid !== undefined && gid !== undefined) {
    await Promise.all([unfinished, passwordFile].map((path) => chown(path, uid, gid)));
  }
  // A locale that PostgreSQL brings itself: text sorts the same on every machine.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = [`--username=${ADMINISTRATOR}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const syncing = durable ? [] : ['--no-sync'];
  try {
    const options = { ...user, cwd: '/', env: { LC_ALL: 'C' } };
    await run(join(programs, 'initdb'), ['-D', unfinished, ...locale, ...access, ...syncing], options);
  } finally {
    await rm(passwordFile);
  }
  await rename(unfinished, data);
}

/** In a container a killed postmaster's process id soon belongs to another program, and PostgreSQL would wait for that. */
async function removeStalePidFile(/** @type {string} */ data) {
  const file = join(data, 'postmaster.pid');
  const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
  if (!pid) return;
  await waitUntilGone(pid, 'postgres');
  await rm(file, { force: true });
}

/**
 * Waits for the first connection and makes the database when it is missing.
 *
 * @param {string} url
 * @param {import('./guarded-process.mjs').GuardedProcess} server
 * @returns {Promise<boolean>} false when the server ended instead
 */
async function acceptsConnections(url, server) {
  let ended = false;
  void server.exited.then(() => (ended = true));
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  for (const since = Date.now(); Date.now() - since < READY_WITHIN_MS && !ended; await sleep(25)) {
    const client = new pg.Client({ connectionString: maintenance.href });
    client.on('error', () => {});
    try {
      await client.connect();
      const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
      return true;
    } catch (error) {
      if (isWrongPassword(error))
        throw new SetupError('The database has another password than the one kept for it.');
    } finally {
      await client.end().catch(() => {});
    }
  }
  if (ended) return false;
  throw new Error('PostgreSQL runs, but takes no connection.');
}

function isWrongPassword(/** @type {unknown} */ error) {
  return error instanceof Error && 'code' in error && error.code === '28P01';
}

async function exists(/** @type {string} */ path) {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
