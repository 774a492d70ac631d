import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InputOf } from '@ganglion/contracts/capability';
import { KEY_CHANGED, verifyKey, type KeyChanged } from '@ganglion/contracts/ledger';
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
import { KeyUses } from './key-uses.js';
import { KeyVerifier } from './key-verifier.js';

const BOOTSTRAP_KEY = `gk_live_${'B'.repeat(43)}`;
const at = (time: string): Date => new Date(`2026-01-02T${time}.000Z`);
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

  const verifier = (): KeyVerifier => {
    const directory = new KeyDirectory(system);
    return new KeyVerifier(directory, new KeyUses(directory, control.kit.logger));
  };
  const verify = async (key: string) => (await control.call(verifyKey, { sha256: digest(key) })).key;

  const refusalOf = async (key: string) => (await control.call(verifyKey, { sha256: digest(key) })).refusal;

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
    const rights = { roles: ['caller'], scopes };
    const nothingElse = { expiresAt: null, tokenKey: null, limits: {} };
    expect(await verify(key)).toEqual({ id, tenant: 'globex', ...rights, ...nothingElse });
    expect(await refusalOf(`${key}x`)).toEqual({ code: 'unauthenticated', tenant: null, keyId: null });
  });

  it('stop working when they expire', async () => {
    const expiresAt = new Date(Date.now() + 1_500).toISOString();
    const { key, id: keyId } = await control.call(createKey, { name: 'short', expiresAt });
    expect(await verify(key)).toMatchObject({ expiresAt });
    const later = await verifier().bySecret(digest(key), new Date(Date.now() + 2_000));
    expect(later).toEqual({ key: null, refusal: { code: 'key_expired', tenant: 'default', keyId } });
    const past = new Date(Date.now() - 1_000).toISOString();
    await expect(control.call(createKey, { name: 'late', expiresAt: past })).rejects.toMatchObject({
      code: 'invalid_input',
      errors: [{ pointer: '/expiresAt' }],
    });
  });

  it('stop working when they are revoked, and every gateway hears of it', async () => {
    const { key, id } = await control.call(createKey, { name: 'lost' }, { tenant: 'acme' });
    const heard = new Promise<KeyChanged>((resolve) => onEvent(control.kit.nats, KEY_CHANGED, resolve));
    await expect(control.call(revokeKey, { id }, { tenant: 'globex' })).rejects.toMatchObject({
      code: 'not_found',
    });
    const revoked = await control.call(revokeKey, { id }, { tenant: 'acme' });
    expect(revoked.revokedAt).not.toBeNull();
    expect(await heard).toEqual({ id });
    expect(await refusalOf(key)).toEqual({ code: 'key_revoked', tenant: 'acme', keyId: id });
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
    const actor = { credential: 'oidc', roles: ['reviewer'], scopes: ['nlp:*'], address: null } as const;
    const ask = (given: Pick<InputOf<typeof createKey>, 'roles' | 'scopes'>) =>
      control.call(createKey, { name: 'derived', ...given }, { tenant: 'acme', keyId: 'oidc:ann', actor });
    expect(await ask({ scopes: ['nlp:sentiment'] })).toMatchObject({ roles: ['caller'] });
    await expect(ask({ scopes: ['*'] })).rejects.toThrow('the scope *');
    await expect(ask({ scopes: ['nlp:x', 'fraud-detection:score'] })).rejects.toThrow(
      'fraud-detection:score',
    );
    await expect(ask({ scopes: ['nlp:*'], roles: ['admin'] })).rejects.toThrow('the role admin');
    const unknown = { tenant: 'acme', keyId: 'somebody' };
    await expect(control.call(createKey, { name: 'x' }, unknown)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('have scopes that are some, and hear how one is written otherwise', async () => {
    const ask = control.call(createKey, { name: 'x', scopes: ['nlp:*', 'nlp.sentiment'] });
    await expect(ask).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('did you mean "nlp:sentiment"?'),
      errors: [{ pointer: '/scopes/1' }],
    });
  });

  it('note their use to the minute, many at once, and never go back', async () => {
    const made = [
      await control.call(createKey, { name: 'used' }),
      await control.call(createKey, { name: 'too' }),
    ];
    const uses = new KeyUses(new KeyDirectory(system), control.kit.logger);
    const lastUses = async () => {
      const { data } = await control.call(listKeys, { limit: 2 });
      return data.map(({ lastUsedAt }) => lastUsedAt).reverse();
    };
    expect(await lastUses()).toEqual([null, null]);
    for (const [first, second, expected] of [
      ['10:00:59', '10:01:01', ['10:00:00', '10:01:00']],
      ['10:02:30', '09:00:00', ['10:02:00', '10:01:00']],
    ] as const) {
      uses.note(made[0]?.id ?? '', at(first));
      uses.note(made[1]?.id ?? '', at(second));
      await uses.write();
      expect(await lastUses()).toEqual(expected.map((time) => at(time).toISOString()));
    }
  });

  it('take any name', async () => {
    const name = 'nul \u0000 and 😀';
    const { id } = await control.call(createKey, { name }, { tenant: 'names' });
    expect((await control.call(listKeys, {}, { tenant: 'names' })).data).toMatchObject([{ id, name }]);
  });

  it('begin with the bootstrap key, which stays revoked once it was', async () => {
    const found = await verify(BOOTSTRAP_KEY);
    expect(found).toMatchObject({ tenant: 'default', roles: ['admin'], scopes: ['*'] });
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
