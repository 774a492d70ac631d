import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startNats } from '../servers/nats-server.mjs';
import { freePort } from '../servers/ports.mjs';
import { postgresHome, removePostgres } from '../servers/postgres-installation.mjs';
import { startPostgres } from '../servers/postgres-server.mjs';
import { AppProcess } from '../start/app-process.mjs';
import { findApps } from '../start/apps.mjs';
import { migrate } from '../start/stack.mjs';

const READY_WITHIN_MS = 120_000;
/** Short, so that a trial does not wait long for what a dead worker had. */
const JOB_LEASE_MS = '5000';

/**
 * Everything of an installation on one machine, each part of which can be killed: two gateways, the control plane, one
 * service, NATS and PostgreSQL, which come back by themselves, or are started again at their port with what they kept.
 *
 * @typedef {Awaited<ReturnType<typeof openCluster>>} Cluster
 *
 * @param {{ service: string, cacheFolder: string, say: (line: string) => void }} options built apps
 */
export async function openCluster({ service, cacheFolder, say }) {
  const folder = await mkdtemp(join(tmpdir(), 'ganglion-reliability-'));
  const logFolder = join(folder, 'logs');
  await mkdir(logFolder);
  const servers = await startServers(folder);
  const apiKey = `gk_live_${randomBytes(32).toString('base64url')}`;
  const settings = {
    natsUrl: servers.natsUrl,
    natsToken: servers.natsToken,
    databaseUrl: servers.databaseUrl,
    databaseRolePassword: randomBytes(24).toString('base64url'),
    bootstrapKey: apiKey,
    port: 0,
    blobFolder: join(folder, 'blobs'),
    cacheFolder,
    logFolder,
  };
  const apps = new Map(findApps().map((app) => [app.name, app]));
  const app = (/** @type {string} */ name) => {
    const found = apps.get(name);
    if (found === undefined) throw new Error(`There is no app "${name}".`);
    return found;
  };
  await migrate(['gateway', 'control-plane'].map(app), settings);
  const start = (/** @type {string} */ label, /** @type {string} */ name, /** @type {object} */ extra = {}) =>
    new AppProcess({
      label,
      main: join(app(name).folder, 'dist', 'main.js'),
      env: { ...appEnvironment(settings), ...extra },
      execArgv: [
        '--enable-source-maps',
        '--import',
        new URL('../start/parent-watch.mjs', import.meta.url).href,
      ],
      logFile: join(logFolder, `${label}.log`),
      onEnd: () => {},
      onWarning: () => {},
    });
  const ports = [await freePort(), await freePort()];
  const processes = new Map([
    ['control-plane', start('control-plane', 'control-plane', { GANGLION_BOOTSTRAP_KEY: apiKey })],
    [service, start(service, service)],
    ...ports.map((port, i) => {
      const label = `gateway-${i + 1}`;
      return /** @type {const} */ ([label, start(label, 'gateway', { GANGLION_PORT: String(port) })]);
    }),
  ]);
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  for (const url of urls) await untilReady(url, apiKey, ['control-plane', service, 'edge']);
  say(`logs: ${logFolder}`);
  return {
    urls,
    apiKey,
    ...servers,
    /** `kill -9`; whatever is killed is there again a moment later. */
    kill: async (/** @type {string} */ label, deleteStore = false) => {
      if (label === 'nats') return servers.restartNats(deleteStore);
      if (label === 'postgres') return servers.restartPostgres();
      processes.get(label)?.kill('SIGKILL');
    },
    /** Rows of a query as the administrator. */
    query: async (/** @type {string} */ sql, /** @type {unknown[]} */ values = []) => {
      const client = new pg.Client({ connectionString: servers.databaseUrl });
      client.on('error', () => {});
      await client.connect();
      try {
        return (await client.query(sql, values)).rows;
      } finally {
        await client.end().catch(() => {});
      }
    },
    stop: async (keepFolder = false) => {
      await Promise.all([...processes.values()].map((process) => process.stop()));
      await servers.stop();
      await removePostgres(folder);
      if (!keepFolder) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** NATS and PostgreSQL at fixed ports. PostgreSQL syncs what it commits, as it would anywhere. */
async function startServers(/** @type {string} */ folder) {
  const [natsPort, postgresPort] = [await freePort(), await freePort()];
  const token = randomBytes(24).toString('base64url');
  const password = randomBytes(24).toString('base64url');
  const natsFolder = join(folder, 'nats');
  const openNats = () => startNats({ folder: natsFolder, port: natsPort, token });
  const openPostgres = () =>
    startPostgres({
      folder,
      port: postgresPort,
      password,
      durable: true,
      deleteIfOrphaned: [folder, postgresHome(folder)],
    });
  let [nats, postgres] = await Promise.all([openNats(), openPostgres()]);
  return {
    natsUrl: nats.url,
    natsToken: token,
    databaseUrl: postgres.url,
    restartNats: async (/** @type {boolean} */ deleteStore) => {
      await kill(nats);
      if (deleteStore) await rm(join(natsFolder, 'jetstream'), { recursive: true, force: true });
      nats = await openNats();
    },
    restartPostgres: async () => {
      await kill(postgres);
      postgres = await openPostgres();
    },
    stop: async () => {
      await Promise.all([nats.stop(), postgres.stop()]);
    },
  };
}

async function kill(/** @type {{ pid: number, exited: Promise<string> }} */ { pid, exited }) {
  process.kill(pid, 'SIGKILL');
  await exited;
}

/** @returns {NodeJS.ProcessEnv} */
function appEnvironment(/** @type {import('../start/stack.mjs').StackSettings} */ settings) {
  return {
    ...process.env,
    GANGLION_ADMIN_PORT: '0',
    GANGLION_LOG_LEVEL: 'info',
    GANGLION_NATS_URL: settings.natsUrl,
    GANGLION_NATS_TOKEN: settings.natsToken,
    GANGLION_DATABASE_URL: settings.databaseUrl,
    GANGLION_DATABASE_ROLE_PASSWORD: settings.databaseRolePassword,
    GANGLION_BLOB_DIR: settings.blobFolder,
    GANGLION_CACHE: settings.cacheFolder,
    GANGLION_JOB_LEASE_MS: JOB_LEASE_MS,
    GANGLION_OUTBOUND_ALLOW: '127.0.0.1/32',
    GANGLION_WEBHOOK_FIRST_RETRY_MS: '1000',
  };
}

/**
 * @param {string} url
 * @param {string} apiKey
 * @param {string[]} services
 */
async function untilReady(url, apiKey, services) {
  for (const since = Date.now(); Date.now() - since < READY_WITHIN_MS; await sleep(100)) {
    const headers = { authorization: `Bearer ${apiKey}` };
    const known = await fetch(`${url}/v1/services`, { headers })
      .then((response) => /** @type {Promise<any>} */ (response.json()))
      .catch(() => ({}));
    const ready = (known.services ?? []).filter((/** @type {any} */ { state }) => state === 'ready');
    if (services.every((name) => ready.some((/** @type {any} */ { service }) => service === name))) return;
  }
  throw new Error(`The gateway at ${url} did not find ${services.join(', ')}.`);
}
