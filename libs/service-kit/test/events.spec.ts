import { setTimeout as sleep } from 'node:timers/promises';
import type { EventType, GanglionEvent } from '@ganglion/contracts/event';
import { EVENTS_STREAM } from '@ganglion/contracts/wire';
import {
  createDataSource,
  databaseEnvironment,
  findIsolationFaults,
  Inbox,
  migrate,
  Outbox,
  OutboxQueue,
  tenantTransaction,
} from '@ganglion/persistence';
import { startServers, type TestServers } from '@ganglion/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Registry } from 'prom-client';
import type { DataSource, EntityManager } from 'typeorm';
import { readEnvironment } from '../src/environment.js';
import { EventConsumer } from '../src/events/event-consumer.js';
import type { EventHandler } from '../src/events/on-event.js';
import { OutboxRelay } from '../src/events/outbox-relay.js';
import { createLogger } from '../src/logger.js';
import { happenings, otherHappened, thingHappened } from './ledger-of-events.fixture.js';

const logger = createLogger('test', 'silent');

describe('events', () => {
  let servers: TestServers;
  let nats: NatsConnection;
  let runtime: DataSource;
  let system: DataSource;
  const running: { stop(): Promise<void> }[] = [];
  const outbox = new Outbox('happenings');

  beforeAll(async () => {
    servers = await startServers();
    const settings = readEnvironment(databaseEnvironment, servers.environment);
    await migrate(happenings, settings);
    runtime = await createDataSource(happenings, 'runtime', settings).initialize();
    system = await createDataSource(happenings, 'system', settings).initialize();
    nats = await connect({ servers: servers.nats.url, token: servers.nats.token });
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
    await (await jetstreamManager(nats)).streams.delete(EVENTS_STREAM.name).catch(() => undefined);
    for (const table of ['outbox', 'inbox', 'effects']) await system.query(`DELETE FROM happenings.${table}`);
  });
  afterAll(async () => {
    await nats.close();
    await Promise.all([runtime.destroy(), system.destroy()]);
    await servers.stop();
  });

  const relay = (): void => {
    const queue = new OutboxQueue(system, 'happenings');
    const one = new OutboxRelay({ queue, nats, logger, registry: new Registry() });
    one.start();
    running.push(one);
  };
  const hear = (name: string, types: readonly EventType[], handler: EventHandler): string[] => {
    const outcomes: string[] = [];
    const one = new EventConsumer(name, { name, types }, handler, {
      nats,
      inbox: new Inbox(runtime, 'happenings'),
      logger,
      onOutcome: (outcome) => outcomes.push(outcome),
      retries: { mostDeliveries: 3, firstBackoffMs: 10 },
    });
    one.start();
    running.push(one);
    return outcomes;
  };
  const noteAs =
    (consumer: string): EventHandler =>
    async ({ tenant, data }, manager) => {
      const { number } = data as { number: number };
      await manager.query('INSERT INTO happenings.effects VALUES ($1, $2, $3)', [tenant, consumer, number]);
    };
  const emit = (number: number, type: EventType = thingHappened, tenant = 'acme'): Promise<string> =>
    tenantTransaction(runtime, tenant, (manager) => outbox.add(manager, type, tenant, { number }));
  const effects = async (consumer: string): Promise<number[]> => {
    const rows: { number: number }[] = await system.query(
      'SELECT number FROM happenings.effects WHERE consumer = $1 ORDER BY number',
      [consumer],
    );
    return rows.map(({ number }) => number);
  };
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
  const until = async (check: () => Promise<boolean> | boolean): Promise<void> => {
    for (const since = performance.now(); !(await check()); await sleep(50)) {
      if (performance.now() - since > 30_000) throw new Error('It did not come about within 30 s.');
    }
  };

  it('keep tenants apart in their tables', async () => {
    const settings = readEnvironment(databaseEnvironment, servers.environment);
    expect(await findIsolationFaults(happenings, settings)).toEqual([]);
    await emit(1);
    const seen = await tenantTransaction(runtime, 'globex', (manager) =>
      manager.query('SELECT * FROM happenings.outbox'),
    );
    expect(seen).toEqual([]);
  });

  it('leave with their transaction, or not at all', async () => {
    relay();
    const failing = tenantTransaction(runtime, 'acme', async (manager: EntityManager) => {
      await outbox.add(manager, thingHappened, 'acme', { number: 1 });
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await emit(2);
    hear('kept', [thingHappened], noteAs('kept'));
    await until(async () => (await effects('kept')).length > 0);
    expect(await effects('kept')).toEqual([2]);
  });

  it('refuse data that breaks their contract', async () => {
    const wrong = tenantTransaction(runtime, 'acme', (manager) =>
      outbox.add(manager, thingHappened, 'acme', { number: 'one' } as never),
    );
    await expect(wrong).rejects.toThrow(/number/);
  });

  it('have their effect once in each consumer, with several relays and processes', async () => {
    relay();
    relay();
    for (const name of ['first', 'first', 'second', 'second']) hear(name, [thingHappened], noteAs(name));
    await tenantTransaction(runtime, 'acme', async (manager) => {
      for (const number of numbers(300)) await outbox.add(manager, thingHappened, 'acme', { number });
    });
    await emit(1_000, otherHappened);
    await until(
      async () => (await effects('first')).length >= 300 && (await effects('second')).length >= 300,
    );
    await sleep(500);
    expect(await effects('first')).toEqual(numbers(300));
    expect(await effects('second')).toEqual(numbers(300));
  });

  it('come again when the stream was lost, and still have their effect once', async () => {
    relay();
    const outcomes = hear('loser', [thingHappened], noteAs('loser'));
    for (const number of numbers(5)) await emit(number);
    await until(async () => (await effects('loser')).length === 5);
    const manager = await jetstreamManager(nats);
    await manager.streams.delete(EVENTS_STREAM.name);
    await emit(5);
    await until(() => outcomes.filter((outcome) => outcome === 'again').length >= 5);
    await until(async () => (await effects('loser')).length === 6);
    expect(await effects('loser')).toEqual(numbers(6));
  });

  it('come again when a handler throws, and are put aside when it does not end', async () => {
    relay();
    let failures = 0;
    const outcomes = hear('moody', [thingHappened], async (event, manager) => {
      const { number } = event.data as { number: number };
      if (number === 13) throw new Error('never 13');
      await noteAs('moody')(event, manager);
      if (failures++ === 0) throw new Error('not the first time');
    });
    await emit(1);
    const poison = await emit(13);
    await until(() => outcomes.includes('given-up'));
    await until(async () => (await effects('moody')).length > 0);
    expect(await effects('moody')).toEqual([1]);
    const aside = await system.query(
      `SELECT event_id, error, event FROM happenings.inbox WHERE error IS NOT NULL`,
    );
    expect(aside).toMatchObject([
      { event_id: poison, error: 'Error: never 13', event: { type: 'thing.happened', data: { number: 13 } } },
    ]);
  });

  it('reach a consumer that came later, with what they were', async () => {
    relay();
    const id = await emit(7);
    await until(async () => (await new OutboxQueue(system, 'happenings').backlog()) === 0);
    const heard: GanglionEvent[] = [];
    hear('late', [thingHappened, otherHappened], async (event) => void heard.push(event));
    await until(() => heard.length > 0);
    expect(heard).toEqual([
      {
        specversion: '1.0',
        id,
        source: '/ganglion/happenings',
        type: 'thing.happened',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        tenant: 'acme',
        data: { number: 7 },
      },
    ]);
  });
});
