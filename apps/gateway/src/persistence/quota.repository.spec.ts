import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDataSource, databaseEnvironment, migrate } from '@ganglion/persistence';
import { readEnvironment } from '@ganglion/service-kit/environment';
import { startServers, type TestServers } from '@ganglion/testing';
import type { DataSource } from 'typeorm';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { RateQuota } from '../limits/rate-quota.js';
import { edgeSchema } from './edge-schema.js';
import { QuotaRepository } from './quota.repository.js';

describe('QuotaRepository', () => {
  let servers: TestServers;
  let runtime: DataSource;
  let books: QuotaRepository;
  beforeAll(async () => {
    servers = await startServers();
    const settings = readEnvironment(databaseEnvironment, servers.environment);
    await migrate(edgeSchema, settings);
    runtime = await createDataSource(edgeSchema, 'runtime', settings).initialize();
    books = new QuotaRepository(runtime);
  });
  afterAll(async () => {
    await runtime.destroy();
    await servers.stop();
  });

  it('holds three gateways of uneven load to the calls a second of a key', async () => {
    const [callsPerSecond, seconds] = [200, 4];
    const name = { tenant: 'acme', keyId: uuidv7() };
    const gateways = [1, 4, 15].map((callsPer10Ms) => ({
      callsPer10Ms,
      quota: new RateQuota(callsPerSecond, (growth, wanted) => books.leaseCalls(name, growth, wanted)),
    }));
    let admitted = 0;
    const startedAt = performance.now();
    const drive = async ({ quota, callsPer10Ms }: (typeof gateways)[number]): Promise<void> => {
      while (performance.now() - startedAt < seconds * 1_000) {
        const verdicts = await Promise.all(Array.from({ length: callsPer10Ms }, () => quota.take()));
        admitted += verdicts.filter(({ isAdmitted }) => isAdmitted).length;
        await sleep(10);
      }
    };
    await Promise.all(gateways.map(drive));
    const elapsedSeconds = (performance.now() - startedAt) / 1_000;
    const { burst } = gateways[0]?.quota ?? { burst: 0 };
    expect(admitted).toBeLessThanOrEqual(callsPerSecond * elapsedSeconds + burst + gateways.length);
    // Each time that a busy machine lets all gateways stand still longer than the burst lasts, some of the quota is lost.
    expect(admitted).toBeGreaterThanOrEqual(callsPerSecond * seconds * 0.75);
  });

  it('never leases more slots than the limit, and has those of a dead gateway back when their lease ends', async () => {
    const name = { tenant: 'acme', keyId: uuidv7() };
    const [dead, alive] = [uuidv7(), uuidv7()];
    const asked = await Promise.all([
      books.leaseSlots(name, dead, { limit: 5, leaseMs: 1_000 }, 4),
      books.leaseSlots(name, alive, { limit: 5, leaseMs: 60_000 }, 4),
    ]);
    expect(asked[0] + asked[1]).toBe(5);
    expect(await books.leaseSlots(name, alive, { limit: 5, leaseMs: 60_000 }, 5)).toBe(5 - asked[0]);
    await sleep(1_100);
    expect(await books.leaseSlots(name, alive, { limit: 5, leaseMs: 60_000 }, 5)).toBe(5);
    expect(await books.leaseSlots(name, alive, { limit: 5, leaseMs: 60_000 }, 0)).toBe(0);
  });

  it('counts tenants apart', async () => {
    const keyId = uuidv7();
    const growth = { callsPerSecond: 1, burst: 1 };
    expect(await books.leaseCalls({ tenant: 'acme', keyId }, growth, 1)).toMatchObject({ granted: 1 });
    expect(await books.leaseCalls({ tenant: 'acme', keyId }, growth, 1)).toMatchObject({ granted: 0 });
    expect(await books.leaseCalls({ tenant: 'other', keyId }, growth, 1)).toMatchObject({ granted: 1 });
  });
});
