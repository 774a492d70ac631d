import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endpointFile } from './state.mjs';

/** @typedef {import('../servers/guarded-process.mjs').GuardedProcess & { port: number }} Server */

/**
 * What services need to reach both servers; `stop` ends those that were started here.
 *
 * @typedef {{ natsUrl: string, natsToken: string, databaseUrl: string, stop: () => Promise<void> }} Servers
 */

/**
 * Brings NATS and PostgreSQL up, or takes those that `GANGLION_NATS_URL` and `GANGLION_DATABASE_URL` name. One that
 * ends by itself is started again on its old port.
 *
 * @param {{ folder: string, secrets: import('./state.mjs').Secrets, say: (line: string) => void }} options
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<Servers>}
 */
export async function startServers({ folder, secrets, say }, environment = process.env) {
  const nats = environment.GANGLION_NATS_URL ? undefined : await keepNats(folder, secrets, say);
  try {
    const postgres = environment.GANGLION_DATABASE_URL ? undefined : await keepPostgres(folder, secrets, say);
    return {
      natsUrl: nats?.server.url ?? environment.GANGLION_NATS_URL ?? '',
      natsToken: nats?.server.token ?? environment.GANGLION_NATS_TOKEN ?? '',
      databaseUrl: postgres?.server.url ?? environment.GANGLION_DATABASE_URL ?? '',
      stop: async () => {
        await Promise.all([nats?.stop(), postgres?.stop()]);
      },
    };
  } catch (error) {
    await nats?.stop();
    throw error;
  }
}

/**
 * @param {string} folder
 * @param {import('./state.mjs').Secrets} secrets
 * @param {(line: string) => void} say
 */
async function keepNats(folder, { natsToken }, say) {
  say('Starting NATS ...');
  const { startNats } = await import('../servers/nats-server.mjs');
  const logFile = join(folder, 'logs', 'nats-server.log');
  return keepRunning('nats-server', say, (port) =>
    startNats({
      folder: join(folder, 'nats'),
      logFile,
      token: natsToken,
      deleteIfOrphaned: [endpointFile(folder)],
      ...(port && { port }),
    }),
  );
}

/**
 * @param {string} folder
 * @param {import('./state.mjs').Secrets} secrets
 * @param {(line: string) => void} say
 */
async function keepPostgres(folder, { databasePassword }, say) {
  say('Starting PostgreSQL ...');
  const { startPostgres } = await import('../servers/postgres-server.mjs');
  const logFile = join(folder, 'logs', 'postgres.log');
  return keepRunning('PostgreSQL', say, (port) =>
    startPostgres({ folder, logFile, password: databasePassword, ...(port && { port }) }),
  );
}

/**
 * @template {Server} S
 * @param {string} name
 * @param {(line: string) => void} say
 * @param {(port: number | undefined) => Promise<S>} start
 */
async function keepRunning(name, say, start) {
  const server = await start(undefined);
  let isStopping = false;
  let current = server;
  const startAgain = async () => {
    try {
      current = await start(server.port);
    } catch (error) {
      say(`${name}: ${error instanceof Error ? error.message : error}`);
      await sleep(1_000);
    }
  };
  const watch = async () => {
    while (!isStopping) {
      const ending = await current.exited;
      if (isStopping) return;
      say(`${name} ended (${ending}); it is started again.`);
      await startAgain();
    }
    await current.stop();
  };
  const watching = watch();
  return {
    server,
    stop: async () => {
      isStopping = true;
      await current.stop();
      await watching;
    },
  };
}
