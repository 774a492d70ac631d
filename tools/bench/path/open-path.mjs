import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startNats } from '../../servers/nats-server.mjs';
import { freePort } from '../../servers/ports.mjs';
import { removePostgres, postgresHome } from '../../servers/postgres-installation.mjs';
import { startPostgres } from '../../servers/postgres-server.mjs';
import { AppProcess } from '../../start/app-process.mjs';
import { chooseApps, findApps } from '../../start/apps.mjs';
import { migrate, Stack } from '../../start/stack.mjs';
import { TABULAR_PATH, tabularRequest } from './tabular-request.mjs';

const file = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * The product as `npm start` runs it, with the bench's own service beside the apps, and the bare echo on the same NATS.
 *
 * @param {{
 *   cacheFolder: string, apps?: string[], model?: string, echo?: boolean, env?: Record<string, string>,
 * }} options `model` is the folder whose `models/` the bench's own service serves; without one it does not run; `env`
 *   are settings for it
 */
export async function openPath({ cacheFolder, apps = [], model, echo = false, env: extraEnv = {} }) {
  const folder = await mkdtemp(join(tmpdir(), 'ganglion-bench-'));
  const [nats, postgres] = await Promise.all([
    startNats({ folder: join(folder, 'nats') }),
    startPostgres({ folder, durable: true, deleteIfOrphaned: [folder, postgresHome(folder)] }),
  ]);
  const settings = {
    natsUrl: nats.url,
    natsToken: nats.token,
    databaseUrl: postgres.url,
    databaseRolePassword: randomBytes(24).toString('base64url'),
    bootstrapKey: `gk_live_${randomBytes(32).toString('base64url')}`,
    port: await freePort(),
    blobFolder: join(folder, 'blobs'),
    cacheFolder,
    logFolder: join(folder, 'logs'),
  };
  const chosen = chooseApps(findApps(), { only: apps, scale: {}, watch: [] });
  const say = (/** @type {string} */ line) => console.error(line);
  const stack = new Stack(chosen, settings, say);
  await mkdir(settings.logFolder, { recursive: true });
  await migrate(chosen.keys(), settings);
  await stack.start();
  const env = {
    ...process.env,
    GANGLION_NATS_URL: nats.url,
    GANGLION_NATS_TOKEN: nats.token,
    GANGLION_ADMIN_PORT: '0',
    GANGLION_BLOB_DIR: settings.blobFolder,
    GANGLION_CACHE: cacheFolder,
    GANGLION_LICENCES: 'CC0-1.0',
    ...extraEnv,
  };
  const echoPort = await freePort();
  const run = (
    /** @type {string} */ label,
    /** @type {{ main: string, args: string[], extra?: object }} */ { main, args, extra = {} },
  ) =>
    new AppProcess({
      label,
      main: file(main),
      args,
      env: { ...env, ...extra },
      logFile: join(settings.logFolder, `${label}.log`),
      onEnd: (process, how) => say(`${process.label} ended (${how}).`),
      onWarning: say,
    });
  const others = model ? [run('bench', { main: 'tabular-service.mjs', args: [model] })] : [];
  if (echo) {
    const extra = { GANGLION_PORT: String(echoPort) };
    others.push(run('echo-service', { main: 'echo.mjs', args: ['service'] }));
    others.push(run('echo-gateway', { main: 'echo.mjs', args: ['gateway'], extra }));
  }
  const authorization = `Bearer ${settings.bootstrapKey}`;
  await stack.waitUntilReady();
  if (model) await untilAnswered(stack.url, authorization);
  return {
    url: stack.url,
    echoUrl: `http://127.0.0.1:${echoPort}`,
    authorization,
    databaseUrl: postgres.url,
    /** Of the processes whose memory is looked at; a restarted one has another. */
    pids: () => ({ gateway: stack.processes.get('gateway')?.[0]?.pid, service: others[0]?.pid }),
    stop: async () => {
      await Promise.all(others.map((process) => process.stop()));
      await stack.stop();
      await Promise.all([nats.stop(), postgres.stop()]);
      await removePostgres(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The gateway finds a service a moment after it is there. */
async function untilAnswered(/** @type {string} */ url, /** @type {string} */ authorization) {
  const { path, ...request } = tabularRequest(TABULAR_PATH, authorization);
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const { status } = await fetch(url + path, request);
    if (status === 200) return;
    await sleep(100);
  }
  throw new Error(`${path} does not answer.`);
}
