import { setTimeout as sleep } from 'node:timers/promises';
import { createDataSource, databaseEnvironment, migrate } from '@ganglion/persistence';
import { readEnvironment } from '@ganglion/service-kit/environment';
import { startServers, testService, type TestService } from '@ganglion/testing';
import type { DataSource } from 'typeorm';
import { edgeSchema } from '../src/persistence/edge-schema.js';
import { startGateway, type RunningGateway } from '../src/start-gateway.js';
import { CanteenHandler, KEY, KeysHandler } from './fixtures.js';

/** A gateway, a control plane that knows keys, and a canteen, on a real NATS and a real PostgreSQL. */
export interface Canteen {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A test that stops one of them puts another in its place. */
  canteen: TestService;
  keys: TestService;
  /** Calls with the key that may do everything, unless other headers are given. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

/** A gateway that has its database: it listens before that. */
export async function startConnectedGateway(
  environment: Readonly<Record<string, string>>,
): Promise<RunningGateway> {
  const gateway = await startGateway(environment);
  const headers = { authorization: `Bearer ${KEY}` };
  while ((await fetch(`${gateway.url}/v1/jobs`, { headers })).status !== 200) await sleep(25);
  return gateway;
}

/** The schema `edge` as its system role sees it, for tests that look or set back clocks. */
export function openEdge(environment: Readonly<Record<string, string>>): Promise<DataSource> {
  const settings = readEnvironment(databaseEnvironment, environment);
  return createDataSource(edgeSchema, 'system', {
    ...settings,
    databaseConnectTimeoutMs: 30_000,
  }).initialize();
}

export async function startCanteen(settings: Readonly<Record<string, string>> = {}): Promise<Canteen> {
  const servers = await startServers();
  const environment = {
    ...servers.environment,
    GANGLION_DRAIN_MS: '1000',
    GANGLION_LOG_LEVEL: 'silent',
    GANGLION_PORT: '0',
    GANGLION_DISCOVERY_INTERVAL_MS: '500',
    // The machine may be busy.
    GANGLION_DATABASE_CONNECT_TIMEOUT_MS: '30000',
    GANGLION_DATABASE_STATEMENT_TIMEOUT_MS: '30000',
    ...settings,
  };
  await migrate(edgeSchema, readEnvironment(databaseEnvironment, environment));
  const keys = await testService({ name: 'control-plane', controllers: [KeysHandler], environment });
  const canteen = await testService({ name: 'canteen', controllers: [CanteenHandler], environment });
  const gateway = await startConnectedGateway(environment);
  const running: Canteen = {
    url: gateway.url,
    environment,
    canteen,
    keys,
    fetch: (path, init = {}) => {
      const headers = { authorization: `Bearer ${KEY}`, ...(init.headers as Record<string, string>) };
      return fetch(gateway.url + path, { ...init, headers });
    },
    stop: async () => {
      await gateway.stop();
      await Promise.all([running.canteen.stop(), running.keys.stop()]);
      await servers.stop();
    },
  };
  return running;
}
