import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findKey, KEY_CHANGED, verifyKey, type KeyChanged } from '@ganglion/contracts/ledger';
import { createKey, revokeKey, rotateKey } from '@ganglion/contracts/services/control-plane/keys';
import { onEvent } from '@ganglion/service-kit/events';
import { startServers, type TestServers } from '@ganglion/testing';
import { startControlPlane, type RunningControlPlane } from '../../test/running-control-plane.js';

const digest = (key: string): string => createHash('sha256').update(key).digest('hex');

describe('rotation', () => {
  let servers: TestServers;
  let control: RunningControlPlane;
  beforeAll(async () => {
    servers = await startServers();
    control = await startControlPlane(servers);
  });
  afterAll(async () => {
    await control.stop();
    await servers.stop();
  });

  const make = (expiresAt?: string) =>
    control.call(createKey, { name: 'turning', scopes: ['nlp:*'], ...(expiresAt && { expiresAt }) });
  const verify = (key: string) => control.call(verifyKey, { sha256: digest(key) });

  it('makes a new secret of the same key, and lets the old one live for the overlap', async () => {
    const old = await make();
    const heard = new Promise<KeyChanged>((resolve) => onEvent(control.kit.nats, KEY_CHANGED, resolve));
    const asked = Date.now();
    const { key, oldKeyExpiresAt, ...shown } = await control.call(rotateKey, {
      id: old.id,
      overlapSeconds: 3_600,
    });
    expect(await heard).toEqual({ id: old.id });
    expect(key).not.toBe(old.key);
    expect(shown).toMatchObject({ id: old.id, name: 'turning', scopes: ['nlp:*'], prefix: key.slice(0, 12) });
    expect(Date.parse(oldKeyExpiresAt) - asked).toBeGreaterThanOrEqual(3_600_000);
    const rights = { id: old.id, scopes: ['nlp:*'] };
    expect((await verify(key)).key).toMatchObject({ ...rights, expiresAt: null });
    expect((await verify(old.key)).key).toMatchObject({ ...rights, expiresAt: oldKeyExpiresAt });
  });

  it('ends the old secret after the overlap, and never before the key’s own end is over', async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const old = await make(expiresAt);
    await control.call(rotateKey, { id: old.id });
    expect((await verify(old.key)).key).toMatchObject({ expiresAt });
    const again = await control.call(rotateKey, { id: old.id, overlapSeconds: 1 });
    await sleep(1_100);
    expect((await verify(old.key)).refusal).toMatchObject({ code: 'key_expired', keyId: old.id });
    expect((await verify(again.key)).key).toMatchObject({ id: old.id });
  });

  it('without overlap ends every older secret at once', async () => {
    const first = await make();
    const second = await control.call(rotateKey, { id: first.id });
    const third = await control.call(rotateKey, { id: first.id, overlapSeconds: 0 });
    for (const { key } of [first, second]) {
      expect((await verify(key)).refusal).toMatchObject({ code: 'key_expired' });
    }
    expect((await verify(third.key)).key).toMatchObject({ id: first.id });
  });

  it('is refused for a key that does not work any more, that is not there, or that can do more', async () => {
    const { id, key } = await make();
    const actor = { credential: 'key', roles: ['admin'], scopes: ['forecasting:*'], address: null } as const;
    const ask = (origin = {}) => control.call(rotateKey, { id }, origin);
    await expect(ask({ tenant: 'globex' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(ask({ keyId: id, actor })).rejects.toMatchObject({ code: 'forbidden' });
    expect((await verify(key)).key).toMatchObject({ expiresAt: null });
    await control.call(revokeKey, { id });
    await expect(ask()).rejects.toMatchObject({ code: 'conflict' });
    expect((await control.call(findKey, { id })).refusal).toMatchObject({ code: 'key_revoked' });
  });

  it('of the bootstrap key is not undone by the next start', async () => {
    const secret = `gk_live_${'R'.repeat(43)}`;
    const settings = { GANGLION_BOOTSTRAP_KEY: secret };
    await (await startControlPlane(servers, settings)).stop();
    const { key } = await verify(secret);
    await control.call(rotateKey, { id: key?.id ?? '', overlapSeconds: 0 });
    await (await startControlPlane(servers, settings)).stop();
    expect((await verify(secret)).refusal).toMatchObject({ code: 'key_expired' });
    delete process.env['GANGLION_BOOTSTRAP_KEY'];
  });
});
