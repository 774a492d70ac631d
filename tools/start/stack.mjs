import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppProcess } from './app-process.mjs';
import { ALWAYS } from './arguments.mjs';
import { runNode } from './program.mjs';

const PARENT_WATCH = new URL('./parent-watch.mjs', import.meta.url).href;
/** Loading and warming of the largest models, on a slow machine. */
const READY_WITHIN_MS = 300_000;
/** Who ended that often before it was ever ready won't be. */
const HOPELESS_ENDS = 3;

/**
 * What every app is told. The key goes to the control plane alone, the database to those that own a schema.
 *
 * @typedef {{
 *   natsUrl: string, natsToken: string, databaseUrl: string, databaseRolePassword: string, bootstrapKey: string,
 *   port: number, blobFolder: string, cacheFolder: string, logFolder: string, extra?: Record<string, string>,
 * }} StackSettings
 *
 * @typedef {import('./apps.mjs').App} App
 * @typedef {{ service: string, state: string, instances: number }} ServiceState
 */

/** Makes schemas, roles and tables, app by app. */
export async function migrate(
  /** @type {Iterable<App>} */ apps,
  /** @type {StackSettings} */ settings,
  /** @type {AbortSignal | undefined} */ signal = undefined,
) {
  for (const app of apps) {
    if (!app.usesDatabase) continue;
    await runNode(join(app.folder, 'dist', 'migrate.js'), {
      args: [],
      logFile: join(settings.logFolder, `${app.name}-migrate.log`),
      env: appEnvironment(app, settings, []),
      ...(signal && { signal }),
    });
  }
}

/** Every app as its own process, with what it takes to wait for them, restart one and end them all. */
export class Stack {
  #wasReady = false;
  /** @type {Map<string, AppProcess[]>} */
  processes = new Map();

  /**
   * @param {Map<App, number>} apps how many processes of each
   * @param {StackSettings} settings
   * @param {(line: string) => void} say
   */
  constructor(apps, settings, say) {
    this.apps = apps;
    this.settings = settings;
    this.say = say;
    this.url = `http://127.0.0.1:${settings.port}`;
  }

  /**
   * Starts them all.
   *
   * @param {(app: App, index: number) => string[]} execArgv Node's own options for that process
   */
  async start(execArgv = () => []) {
    const services = [...this.apps.keys()].map(({ name }) => name).filter((name) => name !== 'gateway');
    await mkdir(this.settings.logFolder, { recursive: true });
    for (const [app, count] of this.apps) {
      const labels = Array.from({ length: count }, (_, i) =>
        count === 1 ? app.name : `${app.name}-${i + 1}`,
      );
      const env = appEnvironment(app, this.settings, services);
      const logFiles = labels.map((label) => join(this.settings.logFolder, `${label}.log`));
      await Promise.all(logFiles.map((file) => rename(file, `${file}.1`).catch(() => undefined)));
      const start = (/** @type {string} */ label, /** @type {number} */ i) =>
        new AppProcess({
          label,
          main: join(app.folder, 'dist', 'main.js'),
          env,
          execArgv: ['--enable-source-maps', '--import', PARENT_WATCH, ...execArgv(app, i)],
          logFile: /** @type {string} */ (logFiles[i]),
          onEnd: (process, how) => this.#onEnd(process, how),
          onWarning: this.say,
        });
      this.processes.set(app.name, labels.map(start));
    }
  }

  /**
   * Waits until the gateway sees every process of every service ready.
   *
   * @throws Error when one keeps ending, or it takes too long
   */
  async waitUntilReady(/** @type {AbortSignal | undefined} */ signal = undefined) {
    for (const since = Date.now(); ; await sleep(100)) {
      signal?.throwIfAborted();
      const missing = await this.missing({ everyProcess: true });
      if (missing.length === 0) {
        this.#wasReady = true;
        return;
      }
      this.#refuseHopeless();
      if (Date.now() - since > READY_WITHIN_MS) throw new Error(`Not ready: ${missing.join(', ')}.`);
    }
  }

  /**
   * What is not ready now; empty when all is.
   *
   * @param {{ everyProcess: boolean }} wish whether a service must have all its processes, or one that answers will do
   * @returns {Promise<string[]>}
   */
  async missing({ everyProcess }) {
    const services = await this.#services();
    if (!services) return ['gateway'];
    return [...this.apps]
      .filter(([{ name }]) => name !== 'gateway')
      .filter(([{ name }, count]) => {
        const found = services.find(({ service }) => service === name);
        return found?.state !== 'ready' || (everyProcess && found.instances < count);
      })
      .map(([{ name }]) => name);
  }

  /** Ends the gateway, then the services, then the control plane, which keeps their last predictions. */
  async stop() {
    const groups = [...this.processes].map(([name, processes]) => ({ name, processes }));
    const stage = (/** @type {string} */ name) => (ALWAYS.includes(name) ? (name === 'gateway' ? 0 : 2) : 1);
    for (const step of [0, 1, 2]) {
      const ending = groups.filter(({ name }) => stage(name) === step).flatMap(({ processes }) => processes);
      await Promise.all(ending.map((process) => process.stop()));
    }
  }

  /** @returns {Promise<ServiceState[] | undefined>} */
  async #services() {
    try {
      const response = await fetch(`${this.url}/v1/services`, {
        headers: { authorization: `Bearer ${this.settings.bootstrapKey}` },
        signal: AbortSignal.timeout(5_000),
      });
      if (!response.ok) return undefined;
      return /** @type {{ services: ServiceState[] }} */ (await response.json()).services;
    } catch {
      return undefined;
    }
  }

  #onEnd(/** @type {AppProcess} */ process, /** @type {string} */ how) {
    this.say(`${process.label} ended (${how}); it is started again.`);
  }

  /** What has been ready once can be again, however often it is killed. */
  #refuseHopeless() {
    if (this.#wasReady) return;
    const hopeless = [...this.processes.values()].flat().find(({ quickEnds }) => quickEnds >= HOPELESS_ENDS);
    if (!hopeless) return;
    const { label, tail, options } = hopeless;
    throw new Error(`${label} does not start:\n${tail.join('\n')}\n(all of it: ${options.logFile})`);
  }
}

/**
 * @param {App} app
 * @param {StackSettings} settings
 * @param {string[]} services that must be there before the stack is ready
 * @returns {NodeJS.ProcessEnv}
 */
function appEnvironment(app, settings, services) {
  const { GANGLION_DATABASE_URL: _administrator, GANGLION_NATS_TOKEN: _token, ...inherited } = process.env;
  return {
    ...inherited,
    GANGLION_ADMIN_PORT: '0',
    GANGLION_NATS_URL: settings.natsUrl,
    ...(settings.natsToken && { GANGLION_NATS_TOKEN: settings.natsToken }),
    GANGLION_BLOB_DIR: settings.blobFolder,
    GANGLION_CACHE: settings.cacheFolder,
    ...(app.usesDatabase && {
      GANGLION_DATABASE_URL: settings.databaseUrl,
      GANGLION_DATABASE_ROLE_PASSWORD: settings.databaseRolePassword,
    }),
    ...(app.name === 'gateway' && {
      GANGLION_PORT: String(settings.port),
      GANGLION_EXPECT: services.join(','),
    }),
    ...(app.name === 'control-plane' && { GANGLION_BOOTSTRAP_KEY: settings.bootstrapKey }),
    ...settings.extra,
  };
}
