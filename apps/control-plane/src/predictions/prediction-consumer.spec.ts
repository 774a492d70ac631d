import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PredictionRecord } from '@ganglion/contracts/prediction-record';
import { getPrediction } from '@ganglion/contracts/services/control-plane/predictions';
import { PREDICTIONS_STREAM } from '@ganglion/contracts/wire';
import { encode } from '@ganglion/service-kit/codec';
import { startServers, type TestServers } from '@ganglion/testing';
import { startNats } from '@ganglion/tools/servers/nats-server';
import { startPostgres } from '@ganglion/tools/servers/postgres-server';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import {
  eventually,
  newRecord,
  startControlPlane,
  type RunningControlPlane,
} from '../../test/running-control-plane.js';

describe('PredictionConsumer', () => {
  let servers: TestServers;
  let control: RunningControlPlane;
  /** Servers that a test started in the place of others. */
  const replacements: { stop(): Promise<void> }[] = [];
  beforeEach(async () => {
    servers = await startServers();
    control = await startControlPlane(servers, {
      GANGLION_DATABASE_CONNECT_TIMEOUT_MS: '500',
      GANGLION_DATABASE_STATEMENT_TIMEOUT_MS: '500',
    });
  });
  afterEach(async () => {
    await control.stop();
    await Promise.all(replacements.splice(0).map((server) => server.stop()));
    await servers.stop();
  });

  /** As the service kit does: again until JetStream has it, for the stream may still be on its way. */
  const publish = (bytes: Uint8Array, msgID?: string): Promise<unknown> =>
    eventually(() =>
      jetstream(control.kit.nats).publish(PREDICTIONS_STREAM.subject, bytes, {
        timeout: 1_000,
        ...(msgID !== undefined && { msgID }),
      }),
    );
  const publishRecords = (records: readonly PredictionRecord[], tenant = 'default'): Promise<unknown> =>
    publish(encode({ tenant, predictions: records }));
  const find = (id: string, tenant = 'default'): Promise<unknown> =>
    eventually(() => control.call(getPrediction, { id }, { tenant }));

  it('brings events to the ledger, each to its tenant', async () => {
    const [acme, globex] = [newRecord(), newRecord()];
    await Promise.all([publishRecords([acme, newRecord()], 'acme'), publishRecords([globex], 'globex')]);
    expect(await find(acme.id, 'acme')).toEqual({ ...acme, review: 'none' });
    expect(await find(globex.id, 'globex')).toEqual({ ...globex, review: 'none' });
    await eventually(async () => expect(await control.metric('ganglion_ledger_backlog')).toBe(0));
    expect(await control.metric('ganglion_ledger_predictions_recorded_total')).toBe(3);
  });

  it('stops at whatever moment of its start', async () => {
    for (const afterMs of [0, 1, 2, 4, 8, 16]) {
      const other = await startControlPlane(servers);
      await sleep(afterMs);
      await other.stop();
    }
  }, 30_000);

  it('is not held up by poison, and counts it', async () => {
    const good = Array.from({ length: 5 }, () => newRecord());
    const yearZero = newRecord({ createdAt: '0000-01-01T00:00:00Z' });
    await publish(new Uint8Array([0xc1]));
    await publish(encode({ tenant: 'default', predictions: [{ id: 'broken' }, good[0]] }));
    await publishRecords([good[1] ?? yearZero, yearZero, good[2] ?? yearZero]);
    await publishRecords(good.slice(3));
    for (const { id } of good) await find(id);
    await eventually(async () => expect(await control.metric('ganglion_ledger_backlog')).toBe(0));
    expect(await control.metric('ganglion_ledger_poison_total')).toBe(3);
    expect(await control.metric('ganglion_ledger_predictions_recorded_total')).toBe(5);
  });

  it('keeps events while the database is away', async () => {
    const { url, port } = servers.postgres;
    await publishRecords([newRecord()]);
    await servers.postgres.stop();
    const records = Array.from({ length: 20 }, () => newRecord());
    for (const record of records) await publishRecords([record]);
    expect(await control.metric('ganglion_ledger_backlog')).toBeGreaterThanOrEqual(20);
    const { password } = new URL(url);
    replacements.push(await startPostgres({ folder: servers.folder, port, password, durable: false }));
    for (const { id } of records) await find(id);
    await eventually(async () => expect(await control.metric('ganglion_ledger_backlog')).toBe(0));
  });

  it('makes the stream and its consumer anew when they are gone', async () => {
    await publishRecords([newRecord()]);
    const manager = await jetstreamManager(control.kit.nats);
    await manager.streams.delete(PREDICTIONS_STREAM.name);
    const first = newRecord();
    await publishRecords([first]);
    await find(first.id);
    await manager.consumers.delete(PREDICTIONS_STREAM.name, 'control-plane');
    const second = newRecord();
    await publishRecords([second]);
    await find(second.id);
  });

  it.each([
    ['with what it kept', false],
    ['empty', true],
  ])('goes on when NATS comes back %s', async (_, isEmptied) => {
    const { port, token } = servers.nats;
    const folder = join(servers.folder, 'nats');
    const before = newRecord();
    await publishRecords([before]);
    await find(before.id);
    await servers.nats.stop();
    if (isEmptied) await rm(join(folder, 'jetstream'), { recursive: true });
    replacements.push(await startNats({ folder, port, token }));
    const after = newRecord();
    await publishRecords([after]);
    expect(await find(after.id)).toMatchObject({ id: after.id });
  });
});
