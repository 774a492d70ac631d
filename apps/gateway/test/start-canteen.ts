import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testService, type TestService } from '@ganglion/testing';
import { startNats } from '@ganglion/tools/servers/nats-server';
import { startGateway } from '../src/start-gateway.js';
import { CanteenHandler, KEY, KeysHandler } from './fixtures.js';

/** A gateway, a control plane that knows keys, and a canteen, on a real NATS. */
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

export async function startCanteen(settings: Readonly<Record<string, string>> = {}): Promise<Canteen> {
  const folder = await mkdtemp(join(tmpdir(), 'ganglion-gateway-'));
  const nats = await startNats({ folder: join(folder, 'nats') });
  const environment = {
    GANGLION_NATS_URL: nats.url,
    GANGLION_NATS_TOKEN: nats.token,
    GANGLION_BLOB_DIR: join(folder, 'blobs'),
    GANGLION_DRAIN_MS: '1000',
    GANGLION_LOG_LEVEL: 'silent',
    GANGLION_PORT: '0',
    GANGLION_DISCOVERY_INTERVAL_MS: '500',
    ...settings,
  };
  const keys = await testService({ name: 'control-plane', controllers: [KeysHandler], environment });
  const canteen = await testService({ name: 'canteen', controllers: [CanteenHandler], environment });
  const gateway = await startGateway(environment);
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
      await nats.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return running;
}
