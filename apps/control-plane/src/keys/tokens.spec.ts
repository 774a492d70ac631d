import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@ganglion/contracts/access';
import { isSignedBy, readBrowserToken } from '@ganglion/contracts/browser-token';
import type { InputOf } from '@ganglion/contracts/capability';
import { findKey } from '@ganglion/contracts/ledger';
import { listAudit } from '@ganglion/contracts/services/control-plane/audit';
import { createKey, revokeKey, rotateKey } from '@ganglion/contracts/services/control-plane/keys';
import { createToken } from '@ganglion/contracts/services/control-plane/tokens';
import { startServers, type TestServers } from '@ganglion/testing';
import { startControlPlane, type RunningControlPlane } from '../../test/running-control-plane.js';

describe('browser tokens', () => {
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

  const make = (fields: Partial<InputOf<typeof createKey>> = {}) =>
    control.call(createKey, { name: 'server', scopes: ['nlp:*'], ...fields });
  const ask = (
    keyId: string,
    input: Partial<InputOf<typeof createToken>> = {},
    credential: Actor['credential'] = 'key',
  ) => {
    const actor: Actor = { credential, roles: ['caller'], scopes: ['nlp:*'], address: null };
    return control.call(createToken, { scopes: ['nlp:sentiment'], ...input }, { keyId, actor });
  };
  const tokenKeyOf = async (id: string) => (await control.call(findKey, { id })).key?.tokenKey ?? '';

  it('say what they may do, signed by their key', async () => {
    const { id } = await make();
    const made = await ask(id, { origins: ['https://app.example'], lifetimeSeconds: 60 });
    const token = readBrowserToken(made.token);
    if (token === undefined) throw new Error('no token');
    expect(token.claims).toEqual({
      key: id,
      roles: ['caller'],
      scopes: ['nlp:sentiment'],
      origins: ['https://app.example'],
      expiresAtMs: Date.parse(made.expiresAt),
    });
    expect(isSignedBy(token, await tokenKeyOf(id))).toBe(true);
    const { data } = await control.call(listAudit, { actor: id });
    const object = { scopes: ['nlp:sentiment'], lifetimeSeconds: 60 };
    expect(data).toMatchObject([{ action: 'control-plane.tokens.create', outcome: 'succeeded', object }]);
    expect(JSON.stringify(data)).not.toContain(made.token.slice(0, 20));
    const other = await make();
    await ask(other.id);
    expect(isSignedBy(token, await tokenKeyOf(other.id))).toBe(false);
  });

  it('never outlive their key', async () => {
    const expiresAt = new Date(Date.now() + 20_000).toISOString();
    const { id } = await make({ expiresAt });
    expect(await ask(id)).toMatchObject({ expiresAt });
  });

  it.each<[string, Partial<InputOf<typeof createToken>>, string, string]>([
    ['a scope that the key lacks', { scopes: ['forecasting:forecast'] }, 'forbidden', 'forecasting:forecast'],
    ['a role that the key lacks', { roles: ['clinician'] }, 'forbidden', 'the role clinician'],
    ['what is no scope', { scopes: ['nlp'] }, 'invalid_input', '"nlp" is no scope'],
    ['what is no origin', { origins: ['https://app.example/'] }, 'invalid_input', 'is no origin'],
    ['two hours', { lifetimeSeconds: 7_200 }, 'invalid_input', 'lifetimeSeconds'],
  ])('are refused for %s', async (_name, input, code, hint) => {
    const { id } = await make();
    await expect(ask(id, input)).rejects.toMatchObject({ code, message: expect.stringContaining(hint) });
  });

  it('are made of API keys alone', async () => {
    const { id } = await make();
    await expect(ask(id, {}, 'token')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(ask('oidc:ann', {}, 'oidc')).rejects.toMatchObject({ code: 'forbidden' });
    await control.call(revokeKey, { id });
    await expect(ask(id)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('live on when their key is rotated, but for a rotation without overlap', async () => {
    const { id } = await make();
    const token = readBrowserToken((await ask(id)).token);
    if (token === undefined) throw new Error('no token');
    await control.call(rotateKey, { id });
    expect(isSignedBy(token, await tokenKeyOf(id))).toBe(true);
    await control.call(rotateKey, { id, overlapSeconds: 0 });
    expect((await control.call(findKey, { id })).key).toMatchObject({ tokenKey: null });
    await ask(id);
    expect(isSignedBy(token, await tokenKeyOf(id))).toBe(false);
  });
});
