import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { logTail, spawnGuarded } from './guarded-process.mjs';
import { natsServerBinary } from './nats-binary.mjs';
import { waitUntilGone } from './running-program.mjs';

const READY_WITHIN_MS = 15_000;

/**
 * @typedef {{
 *   folder: string, logFile?: string, port?: number, token?: string, deleteIfOrphaned?: string[],
 * }} NatsOptions `folder` holds the configuration and what JetStream stores; `port` -1 (the default) takes a free one.
 *
 * @typedef {import('./guarded-process.mjs').GuardedProcess & { url: string, port: number, token: string }} NatsServer
 */

/**
 * Starts a nats-server on 127.0.0.1 with JetStream, a token and pings so short that a frozen peer is dropped in 6 s.
 *
 * @param {NatsOptions} options
 * @returns {Promise<NatsServer>}
 */
export async function startNats(options) {
  const { folder, logFile = join(folder, 'nats-server.log'), port = -1, deleteIfOrphaned } = options;
  const secret = options.token ?? randomBytes(24).toString('base64url');
  const binary = await natsServerBinary();
  const configuration = join(folder, 'nats-server.conf');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removePortsFiles(folder);
  await rm(configuration, { force: true });
  await writeFile(configuration, JSON.stringify(settings(folder, port, secret), undefined, 2), {
    mode: 0o600,
  });
  const server = await spawnGuarded({
    command: binary,
    args: ['--config', configuration],
    cwd: folder,
    env: {},
    logFile,
    stopSignal: 'SIGTERM',
    ...(deleteIfOrphaned && { deleteIfOrphaned }),
  });
  const url = await listeningUrl(folder, server, logFile);
  return { ...server, url, port: Number(new URL(url).port), token: secret };
}

/** @source https://docs.nats.io/running-a-nats-service/configuration */
function settings(/** @type {string} */ folder, /** @type {number} */ port, /** @type {string} */ token) {
  return {
    host: '127.0.0.1',
    port,
    authorization: { token },
    jetstream: { store_dir: join(folder, 'jetstream') },
    ping_interval: '2s',
    ping_max: 2,
    ports_file_dir: folder,
  };
}

/** The server writes where it listens into `nats-server_<pid>.ports` as soon as it does. */
async function listeningUrl(
  /** @type {string} */ folder,
  /** @type {import('./guarded-process.mjs').GuardedProcess} */ server,
  /** @type {string} */ logFile,
) {
  const file = join(folder, `nats-server_${server.pid}.ports`);
  /** @type {string | undefined} */
  let ending;
  void server.exited.then((how) => (ending = how));
  for (const since = Date.now(); Date.now() - since < READY_WITHIN_MS && !ending; await sleep(10)) {
    // Missing, or half written.
    const ports = await readFile(file, 'utf8')
      .then(JSON.parse)
      .catch(() => undefined);
    if (ports?.nats?.[0]) return /** @type {string} */ (ports.nats[0]);
  }
  await server.stop();
  throw new Error(`nats-server did not start (${ending ?? 'it never listened'}):\n${await logTail(logFile)}`);
}

/** A killed server leaves its file, and a later one could get the same process id. */
async function removePortsFiles(/** @type {string} */ folder) {
  for (const file of await readdir(folder)) {
    const [, pid] = /^nats-server_(\d+)\.ports$/.exec(file) ?? [];
    if (!pid) continue;
    await waitUntilGone(Number(pid), 'nats-server');
    await rm(join(folder, file), { force: true });
  }
}
