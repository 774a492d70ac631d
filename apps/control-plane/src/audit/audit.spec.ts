import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { recordAudit } from '@ganglion/contracts/audit';
import { listAudit } from '@ganglion/contracts/services/control-plane/audit';
import { createKey, listKeys, revokeKey, rotateKey } from '@ganglion/contracts/services/control-plane/keys';
import { createDataSource } from '@ganglion/persistence';
import { startServers, type TestServers } from '@ganglion/testing';
import type { DataSource } from 'typeorm';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import {
  databaseSettings,
  startControlPlane,
  type RunningControlPlane,
} from '../../test/running-control-plane.js';
import { ApiKeyRepository } from '../persistence/api-key.repository.js';
import { controlSchema } from '../persistence/control-schema.js';
import { newApiKey } from '../keys/api-key.js';
import { newEntry } from './audit.js';
import { findBreak } from './hash-chain.js';

const admin = { credential: 'key', roles: ['admin'], scopes: ['*'], address: '10.1.2.3' } as const;

describe('the audit', () => {
  let servers: TestServers;
  let control: RunningControlPlane;
  let runtime: DataSource;
  beforeAll(async () => {
    servers = await startServers();
    control = await startControlPlane(servers);
    runtime = await createDataSource(controlSchema, 'runtime', databaseSettings(servers)).initialize();
  });
  afterAll(async () => {
    await runtime.destroy();
    await control.stop();
    await servers.stop();
  });

  const origin = (tenant: string) => ({
    tenant,
    keyId: 'the-admin',
    actor: admin,
    requestId: 'request-of-the-admin',
  });
  const read = async (tenant: string) => (await control.call(listAudit, {}, { tenant })).data;

  it('has who did what, when, on what, from where, and how it ended', async () => {
    const asker = origin('acts');
    const { id } = await control.call(createKey, { name: 'one', scopes: ['nlp:*'] }, asker);
    await control.call(rotateKey, { id, overlapSeconds: 60 }, asker);
    await control.call(revokeKey, { id }, asker);
    await control.call(rotateKey, { id }, asker).catch(() => undefined);
    await control.call(createKey, { name: 'two', scopes: ['nope'] }, asker).catch(() => undefined);
    const entries = await read('acts');
    const who = {
      actor: 'the-admin',
      credential: 'key',
      roles: ['admin'],
      address: '10.1.2.3',
      requestId: 'request-of-the-admin',
      count: 1,
    };
    const expected = [
      ['keys.create', 'invalid_input', { name: 'two', roles: ['caller'], scopes: ['nope'] }],
      ['keys.rotate', 'conflict', { id }],
      ['keys.revoke', 'succeeded', { id }],
      ['keys.rotate', 'succeeded', { id, overlapSeconds: 60 }],
      ['keys.create', 'succeeded', { id, name: 'one', roles: ['caller'], scopes: ['nlp:*'] }],
    ] as const;
    expect(entries).toHaveLength(expected.length);
    for (const [index, [operation, outcome, object]] of expected.entries()) {
      const action = `control-plane.${operation}`;
      expect(entries[index]).toMatchObject({ ...who, action, outcome, object });
    }
    expect(findBreak([...entries].reverse())).toBeUndefined();
    expect(JSON.stringify(entries)).not.toContain('gk_live_');
  });

  it('has an act if, and only if, it was done', async () => {
    const key = newApiKey(
      { tenantId: 'whole', name: 'x', roles: ['caller'], scopes: ['*'], expiresAt: null, limits: {} },
      'y',
    );
    const asker = { keyId: 'k', actor: undefined, requestId: 'r' };
    const entry = newEntry(asker, { capability: createKey, object: {} }, 'succeeded');
    const repository = new ApiKeyRepository(runtime);
    await expect(repository.insert(key, { ...entry, id: 'no uuid' })).rejects.toThrow();
    expect(await control.call(listKeys, {}, { tenant: 'whole' })).toMatchObject({ data: [] });
    await repository.insert(key, entry);
    await expect(repository.insert(key, { ...entry, id: uuidv7() })).rejects.toThrow();
    expect(await read('whole')).toHaveLength(1);
  });

  it('keeps an entry once, however often it is sent, and without a gap when many write', async () => {
    const entries = Array.from({ length: 20 }, (_, index) => {
      const asker = { keyId: `k${index}`, actor: admin, requestId: 'r' };
      return newEntry(
        asker,
        { capability: { service: 'm', operation: 'promote' }, object: { index } },
        'started',
      );
    });
    const record = (part: typeof entries) => control.call(recordAudit, { entries: part }, { tenant: 'many' });
    await Promise.all([...entries, ...entries].map((entry) => record([entry])));
    const kept = await read('many');
    expect(kept.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 20 }, (_, index) => 20 - index),
    );
    expect(findBreak([...kept].reverse())).toBeUndefined();
  });

  it('is read by tenant, by page, by action and by actor', async () => {
    expect(await read('nobody')).toEqual([]);
    const page = await control.call(listAudit, { limit: 3, before: 5 }, { tenant: 'many' });
    expect(page).toMatchObject({ data: [{ sequence: 4 }, { sequence: 3 }, { sequence: 2 }], hasMore: true });
    const last = await control.call(listAudit, { limit: 3, before: 2 }, { tenant: 'many' });
    expect(last).toMatchObject({ data: [{ sequence: 1 }], hasMore: false });
    const ofOne = await control.call(listAudit, { actor: 'k7' }, { tenant: 'many' });
    expect(ofOne.data).toMatchObject([{ object: { index: 7 } }]);
    const ofNone = await control.call(listAudit, { action: 'm.demote' }, { tenant: 'many' });
    expect(ofNone.data).toEqual([]);
  });
});
