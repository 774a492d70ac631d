import { join } from 'node:path';
import { cacheFolder } from '../servers/cache-folder.mjs';
import { isOffline } from '../servers/offline.mjs';
import { freePort } from '../servers/ports.mjs';
import { build } from './build.mjs';
import { keepEndpoint } from './endpoint.mjs';
import { installPackages } from './install.mjs';
import { pullModels } from './models.mjs';
import { readPort, requireDisk, requirePort, requirePython } from './prerequisites.mjs';
import { pullSampleFiles } from './sample-files.mjs';
import { findSampleFiles, layOutSamples, sendSamples } from './samples.mjs';
import { startServers } from './servers.mjs';
import { migrate, Stack } from './stack.mjs';
import { bootstrapKey, secrets, withdrawEndpoint } from './state.mjs';
import { formatTable } from './table.mjs';
import { inspectorPorts, watchApp } from './watch.mjs';

/**
 * @typedef {{
 *   apps: Map<import('./apps.mjs').App, number>, wishes: import('./arguments.mjs').Arguments, folder: string,
 *   terminal: import('./terminal.mjs').Terminal, signal: AbortSignal,
 * }} ServeOptions
 *
 * `endings` undo, last first, what was done.
 * @typedef {ServeOptions & { logFolder: string, port: number, endings: (() => Promise<void> | void)[] }} Run
 */

/**
 * Takes a clone to a served answer, serves until the signal, and ends everything that it started.
 *
 * @param {ServeOptions} options
 * @returns {Promise<number>} the exit code
 */
export async function serve(options) {
  const wantedPort = readPort(process.env.GANGLION_PORT);
  /** @type {Run} */
  const run = { ...options, logFolder: join(options.folder, 'logs'), port: wantedPort, endings: [] };
  // Only what is fetched from PyPI needs it.
  if (!isOffline()) await requirePython();
  if (wantedPort) await requirePort(wantedPort);
  await requireDisk(options.folder);
  // A start that was killed could not take it back.
  await withdrawEndpoint(options.folder);
  try {
    await makeReady(run);
    const settings = await startBackground({ ...run, port: wantedPort || (await freePort()) });
    return await startApps(run, settings);
  } catch (error) {
    if (options.signal.aborted) return 130;
    throw error;
  } finally {
    for (const end of run.endings.reverse()) await end();
  }
}

async function makeReady(/** @type {Run} */ { logFolder, signal, terminal }) {
  const say = (/** @type {string} */ line) => terminal.say(line);
  await installPackages({ logFolder, signal, say });
  say('Building ...');
  await build({ logFolder, signal });
}

/** Everything that services lean on: servers, schemas, models. */
async function startBackground(
  /** @type {Run} */ { apps, folder, logFolder, port, terminal, signal, endings },
) {
  const say = (/** @type {string} */ line) => terminal.say(line);
  const kept = await secrets(folder);
  const servers = await startServers({ folder, secrets: kept, say });
  endings.push(() => servers.stop());
  /** @type {import('./stack.mjs').StackSettings} */
  const settings = {
    ...servers,
    databaseRolePassword: kept.databaseRolePassword,
    bootstrapKey: await bootstrapKey(folder),
    port,
    blobFolder: join(folder, 'blobs'),
    cacheFolder: cacheFolder(),
    logFolder,
  };
  await migrate(apps.keys(), settings, signal);
  await pullModels(apps.keys(), { logFolder, cacheFolder: settings.cacheFolder, signal, terminal });
  await pullSampleFiles(await findSampleFiles(apps.keys()), { cacheFolder: settings.cacheFolder, say });
  await layOutSamples(apps.keys(), { folder: join(folder, 'samples'), cacheFolder: settings.cacheFolder });
  return settings;
}

/**
 * @param {Run} run
 * @param {import('./stack.mjs').StackSettings} settings
 * @returns {Promise<number>} the exit code
 */
async function startApps({ apps, wishes, folder, logFolder, terminal, signal, endings }, settings) {
  const say = (/** @type {string} */ line) => terminal.say(line);
  const stack = new Stack(apps, settings, say);
  const inspectors = await inspectorPorts(wishes.watch);
  endings.push(() => stack.stop());
  say(`Starting ${[...apps.keys()].map(({ name }) => name).join(', ')} ...`);
  await stack.start(({ name }, index) => {
    const port = index === 0 ? inspectors.get(name) : undefined;
    return port ? [`--inspect=127.0.0.1:${port}`] : [];
  });
  await stack.waitUntilReady(signal);
  endings.push(await keepEndpoint(stack, folder));

  const target = { url: stack.url, apiKey: settings.bootstrapKey, cacheFolder: settings.cacheFolder };
  const services = [...apps.keys()].filter(({ name }) => name !== 'gateway');
  const isRight = report(await sendSamples(services, target), terminal);
  if (wishes.once) return isRight ? 0 : 1;

  say(`API   ${stack.url}`);
  say(`Docs  ${stack.url}/docs`);
  say(`Key   ${join(folder, 'key')}`);
  for (const [name, port] of inspectors) say(`Inspector of ${name}: 127.0.0.1:${port}`);
  for (const app of [...apps.keys()].filter(({ name }) => wishes.watch.includes(name))) {
    endings.push(await watchApp(app, { stack, logFolder, say }));
  }
  say('Serving until Ctrl-C.');
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  return 0;
}

/** Prints the table, and under it what is wrong. */
function report(
  /** @type {import('./samples.mjs').SampleResult[]} */ results,
  /** @type {import('./terminal.mjs').Terminal} */ terminal,
) {
  const rows = results.map(({ service, sample, answer, model, ms }) => [service, sample, answer, model, ms]);
  terminal.say(`\n${formatTable(['service', 'sample', 'answer', 'model', 'ms'], rows)}\n`);
  const wrong = results.filter(({ problems }) => problems.length > 0);
  for (const { service, sample, problems } of wrong)
    terminal.say(`WRONG: ${service}, ${sample}: ${problems.join('; ')}`);
  return wrong.length === 0;
}
