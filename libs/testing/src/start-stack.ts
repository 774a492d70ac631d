import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '@ganglion/tools/servers/cache-folder';
import { freePort } from '@ganglion/tools/servers/ports';
import type { AppProcess } from '@ganglion/tools/start/app-process';
import { chooseApps, findApps } from '@ganglion/tools/start/apps';
import { migrate, Stack } from '@ganglion/tools/start/stack';
import type { TestServers } from './start-servers.js';
import { startServers } from './start-servers.js';

export interface TestStackOptions {
  /** How many processes of which app, such as `{ nlp: 2 }`; gateway and control plane are always there. */
  readonly apps: Readonly<Record<string, number>>;
  /** Settings for all of them, above those that every start gives. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Real processes on real servers, exactly as `npm start` runs them: what ends is started again. */
export interface TestStack {
  readonly url: string;
  readonly apiKey: string;
  readonly servers: TestServers;
  /** What was said of it so far: ends, restarts, warnings. */
  readonly lines: readonly string[];
  /** The processes of an app, first to last; `pid` is undefined while one is down. */
  processes(app: string): readonly AppProcess[];
  /** Resolves when every process of every service is ready (again). */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts built apps (`npm run build`) with servers of their own, and waits until they are ready. Models must be in the
 * cache.
 *
 * @throws SetupError when there is no such app
 * @throws Error when one keeps ending, with the last lines that it wrote
 */
export async function startStack({ apps, environment = {} }: TestStackOptions): Promise<TestStack> {
  const chosen = chooseApps(findApps(), { only: Object.keys(apps), scale: apps, watch: [] });
  const servers = await startServers();
  const apiKey = `gk_live_${randomBytes(32).toString('base64url')}`;
  const settings = {
    natsUrl: servers.nats.url,
    natsToken: servers.nats.token,
    databaseUrl: servers.postgres.url,
    databaseRolePassword: randomBytes(24).toString('base64url'),
    bootstrapKey: apiKey,
    port: await freePort(),
    blobFolder: join(servers.folder, 'blobs'),
    cacheFolder: cacheFolder(),
    logFolder: join(servers.folder, 'logs'),
    extra: environment,
  };
  const lines: string[] = [];
  const stack = new Stack(chosen, settings, (line) => lines.push(line));
  const stop = async (): Promise<void> => {
    await stack.stop();
    await servers.stop();
  };
  try {
    await mkdir(settings.logFolder, { recursive: true });
    await migrate(chosen.keys(), settings);
    await stack.start();
    await stack.waitUntilReady();
  } catch (error) {
    await stop();
    throw error;
  }
  const processes = (app: string): readonly AppProcess[] => stack.processes.get(app) ?? [];
  return { url: stack.url, apiKey, servers, lines, processes, ready: () => stack.waitUntilReady(), stop };
}
