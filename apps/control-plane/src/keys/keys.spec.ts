import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KEY_REVOKED, verifyKey, type KeyRevoked } from '@ganglion/contracts/ledger';
import { createKey, listKeys, revokeKey } from '@ganglion/contracts/services/control-plane/keys';
import { createDataSource } from '@ganglion/persistence';
import { onEvent } from '@ganglion/service-kit/events';
import { startServers, type TestServers } from '@ganglion/testing';
import type { DataSource } from 'typeorm';
import {
  databaseSettings,
  startControlPlane,
  type RunningControlPlane,
} from '../../test/running-control-plane.js';
import { controlSchema } from '../persistence/control-schema.js';
import { KeyDirectory } from '../persistence/system/key-directory.js';

const BOOTSTRAP_KEY = `gk_live_${'B'.repeat(43)}`;
const digest = (key: string): string => createHash('sha256').update(key).digest('hex');

describe('API keys', () => {
  let servers: TestServers;
  let control: RunningControlPlane;
  let system: DataSource;
  beforeAll(async () => {
    servers = await startServers();
    control = await startControlPlane(servers, { GANGLION_BOOTSTRAP_KEY: BOOTSTRAP_KEY });
    system = await createDataSource(controlSchema, 'system', databaseSettings(servers)).initialize();
  });
  afterAll(async () => {
    await system.destroy();
    await control.stop();
    await servers.stop();
  });

  const verify = async (key: string) => (await control.call(verifyKey, { sha256: digest(key) })).key;

  it('are 32 random bytes, of which only the digest is stored', async () => {
    const { key, ...shown } = await control.call(createKey, { name: 'mine' }, { tenant: 'acme' });
    expect(key).toMatch(/^gk_live_[A-Za-z0-9_-]{43}$/);
    expect(shown).toMatchObject({ name: 'mine', tenant: 'acme', scopes: ['*'], revokedAt: null });
    expect(key.startsWith(shown.prefix)).toBe(true);
    const [stored] = await system.query(
      'SELECT k::text AS row, sha256 FROM control.api_keys k WHERE id = $1',
      [shown.id],
    );
    expect(stored.sha256).toBe(digest(key));
    expect(stored.row).not.toContain(key.slice(shown.prefix.length));
  });

  it('are verified whatever their tenant', async () => {
    const scopes = ['nlp:sentiment'];
    const { key, id } = await control.call(createKey, { name: 'one', scopes }, { tenant: 'globex' });
    expect(await verify(key)).toEqual({ id, tenant: 'globex', scopes, expiresAt: null });
    expect(await verify(`${key}x`)).toBeNull();
  });

  it('stop working when they expire', async () => {
    const expiresAt = new Date(Date.now() + 1_500).toISOString();
    const { key } = await control.call(createKey, { name: 'short', expiresAt });
    expect(await verify(key)).toMatchObject({ expiresAt });
    const directory = new KeyDirectory(system);
    expect(await directory.findUsable(digest(key), new Date(Date.now() + 2_000))).toBeNull();
    const past = new Date(Date.now() - 1_000).toISOString();
    await expect(control.call(createKey, { name: 'late', expiresAt: past })).rejects.toMatchObject({
      code: 'invalid_input',
      errors: [{ pointer: '/expiresAt' }],
    });
  });

  it('stop working when they are revoked, and every gateway hears of it', async () => {
    const { key, id } = await control.call(createKey, { name: 'lost' }, { tenant: 'acme' });
    const heard = new Promise<KeyRevoked>((resolve) => onEvent(control.kit.nats, KEY_REVOKED, resolve));
    await expect(control.call(revokeKey, { id }, { tenant: 'globex' })).rejects.toMatchObject({
      code: 'not_found',
    });
    const revoked = await control.call(revokeKey, { id }, { tenant: 'acme' });
    expect(revoked.revokedAt).not.toBeNull();
    expect(await heard).toEqual({ sha256: digest(key) });
    expect(await verify(key)).toBeNull();
    expect(await control.call(revokeKey, { id }, { tenant: 'acme' })).toEqual(revoked);
  });

  it('are listed by tenant and page, newest first', async () => {
    const made: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      made.unshift((await control.call(createKey, { name }, { tenant: 'pages' })).id);
    }
    const first = await control.call(listKeys, { limit: 2 }, { tenant: 'pages' });
    expect(first).toMatchObject({ data: [{ id: made[0] }, { id: made[1] }], hasMore: true });
    const second = await control.call(listKeys, { limit: 2, after: made[1] }, { tenant: 'pages' });
    expect(second).toMatchObject({ data: [{ id: made[2] }], hasMore: false });
    expect(await control.call(listKeys, {}, { tenant: 'nobody' })).toEqual({ data: [], hasMore: false });
  });

  it('give no more than they hold', async () => {
    const asker = { name: 'nlp', scopes: ['nlp:*', 'control-plane:keys.create'] };
    const { id: keyId } = await control.call(createKey, asker, { tenant: 'acme' });
    const ask = (scopes: string[], tenant = 'acme') =>
      control.call(createKey, { name: 'derived', scopes }, { tenant, keyId });
    expect(await ask(['nlp:sentiment'])).toMatchObject({ scopes: ['nlp:sentiment'] });
    await expect(ask(['*'])).rejects.toMatchObject({ code: 'forbidden' });
    await expect(ask(['nlp:sentiment', 'fraud-detection:score'])).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(ask(['nlp:sentiment'], 'globex')).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('note their use at most once a minute', async () => {
    const { key, id } = await control.call(createKey, { name: 'used' });
    const directory = new KeyDirectory(system);
    const lastUse = async (): Promise<number> => {
      const [row] = await system.query('SELECT last_used_at FROM control.api_keys WHERE id = $1', [id]);
      return row.last_used_at?.getTime() ?? 0;
    };
    expect(await lastUse()).toBe(0);
    const start = Date.now();
    for (const [afterMs, noted] of [
      [0, 0],
      [59_000, 0],
      [61_000, 61_000],
    ] as const) {
      await directory.findUsable(digest(key), new Date(start + afterMs));
      expect(await lastUse()).toBe(start + noted);
    }
  });

  it('take any name', async () => {
    const name = 'nul \u0000 and 😀';
    const { id } = await control.call(createKey, { name }, { tenant: 'names' });
    expect((await control.call(listKeys, {}, { tenant: 'names' })).data).toMatchObject([{ id, name }]);
  });

  it('begin with the bootstrap key, which stays revoked once it was', async () => {
    const found = await verify(BOOTSTRAP_KEY);
    expect(found).toMatchObject({ tenant: 'default', scopes: ['*'] });
    const second = await startControlPlane(servers);
    await second.call(revokeKey, { id: found?.id ?? '' });
    await second.stop();
    const third = await startControlPlane(servers);
    expect(await verify(BOOTSTRAP_KEY)).toBeNull();
    await third.stop();
  });

  it('refuse a bootstrap key of another form, without showing it', async () => {
    const start = startControlPlane(servers, { GANGLION_BOOTSTRAP_KEY: 'hunter2' });
    const error = await start.catch((reason: unknown) => reason);
    expect(String(error)).toMatch(/GANGLION_BOOTSTRAP_KEY must be/);
    expect(String(error)).not.toContain('hunter2');
  });
});
