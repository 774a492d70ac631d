import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { recordPredictions } from '@ganglion/contracts/ledger';
import { PREDICTIONS_STREAM } from '@ganglion/contracts/wire';
import { createDataSource, FolderBlobStore, migrate } from '@ganglion/persistence';
import { Caller } from '@ganglion/service-kit/caller';
import { encode } from '@ganglion/service-kit/codec';
import { startServers, type TestServers } from '@ganglion/testing';
import { jetstream } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { DataSource } from 'typeorm';
import { controlSchema } from '../src/persistence/control-schema.js';
import { databaseSettings, eventually, newRecord } from './running-control-plane.js';

/** The built service, as `npm start` runs it: `npx nx build @ganglion/control-plane` and its libraries first. */
const MAIN = join(import.meta.dirname, '../dist/main.js');
const EVENTS = 3_000;
const KILLS = 4;

describe('a control plane that is killed', () => {
  let servers: TestServers;
  let nats: NatsConnection;
  let system: DataSource;
  let control: ChildProcess | undefined;
  beforeAll(async () => {
    servers = await startServers();
    await migrate(controlSchema, databaseSettings(servers));
    system = await createDataSource(controlSchema, 'system', databaseSettings(servers)).initialize();
    nats = await connect({ servers: servers.nats.url, token: servers.nats.token });
    start();
  });
  afterAll(async () => {
    control?.kill('SIGKILL');
    await nats.close();
    await system.destroy();
    await servers.stop();
  });

  function start(): void {
    const env = {
      ...process.env,
      ...servers.environment,
      GANGLION_ADMIN_PORT: '0',
      GANGLION_LOG_LEVEL: 'warn',
    };
    control = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  }

  async function killAndRestart(): Promise<void> {
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(1_500);
      control?.kill('SIGKILL');
      start();
    }
  }

  const idsInLedger = async (): Promise<Set<string>> => {
    const rows: { id: string }[] = await system.query('SELECT id FROM control.predictions');
    return new Set(rows.map(({ id }) => id));
  };

  it('loses no event that JetStream took', async () => {
    const client = jetstream(nats);
    const killing = killAndRestart();
    const taken: string[] = [];
    while (taken.length < EVENTS) {
      const record = newRecord();
      const event = encode({ tenant: 'default', predictions: [record] });
      await eventually(() => client.publish(PREDICTIONS_STREAM.subject, event, { msgID: record.id }), 30_000);
      taken.push(record.id);
    }
    await killing;
    await eventually(async () => {
      const ids = await idsInLedger();
      expect(taken.filter((id) => !ids.has(id))).toEqual([]);
    }, 60_000);
  });

  it('has every record that it said it committed', async () => {
    const caller = new Caller(nats, new FolderBlobStore(join(servers.folder, 'blobs')));
    const committed: string[] = [];
    let isOver = false;
    const killing = killAndRestart().then(() => (isOver = true));
    while (!isOver || committed.length === 0) {
      const record = newRecord();
      const deadline = performance.now() + 500;
      const said = caller.call(recordPredictions, { predictions: [record] }, { deadline });
      await said.then(
        () => committed.push(record.id),
        () => sleep(20),
      );
    }
    await killing;
    const ids = await idsInLedger();
    expect(committed.filter((id) => !ids.has(id))).toEqual([]);
  });
});
