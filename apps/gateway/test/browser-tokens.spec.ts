import { generateKeyPairSync } from 'node:crypto';
import { writeBrowserToken, type BrowserTokenClaims } from '@ganglion/contracts/browser-token';
import type { Problem } from '@ganglion/contracts/errors';
import { KEY_CHANGED } from '@ganglion/contracts/ledger';
import { publishEvent } from '@ganglion/service-kit/events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { idOf, KEY, KeysHandler, sha256Of } from './fixtures.js';
import { startCanteen, type Canteen } from './start-canteen.js';

const PAGE = 'https://app.example';

describe('browser tokens', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const id = idOf(sha256Of(KEY));
  let stack: Canteen;
  let nats: NatsConnection;
  beforeAll(async () => {
    KeysHandler.tokenKey = privateKey.export({ format: 'jwk' }).x ?? null;
    stack = await startCanteen();
    const { GANGLION_NATS_URL: servers = '', GANGLION_NATS_TOKEN: token = '' } = stack.environment;
    nats = await connect({ servers, token });
  });
  afterAll(async () => {
    await nats.close();
    await stack.stop();
  });

  const claims: BrowserTokenClaims = {
    key: id,
    roles: ['caller'],
    scopes: ['canteen:menu'],
    origins: [],
    expiresAtMs: Date.now() + 3_600_000,
  };
  const ask = (token: string, path = '/v1/menus/today', headers = {}): Promise<Response> =>
    stack.fetch(path, { headers: { authorization: `Bearer ${token}`, ...headers } });
  const write = (changed: Partial<BrowserTokenClaims> = {}, key = privateKey): string =>
    writeBrowserToken({ ...claims, ...changed }, key);
  const problemOf = async (response: Response) => (await response.json()) as Problem;

  it('open what they name, whatever their key may do', async () => {
    expect((await ask(write())).status).toBe(200);
    expect(await problemOf(await ask(write(), '/v1/jobs'))).toMatchObject({ status: 403, code: 'forbidden' });
  });

  it('make no keys and no tokens, and read no audit', async () => {
    const everything = write({ roles: ['admin'], scopes: ['*'] });
    expect((await ask(everything, '/v1/dead-letters')).status).toBe(200);
    const problem = await problemOf(await ask(everything, '/v1/vault'));
    expect(problem).toMatchObject({ status: 403, detail: expect.stringContaining('No browser token') });
  });

  it('are refused when they are old, forged, or of an unknown key', async () => {
    const old = await problemOf(await ask(write({ expiresAtMs: Date.now() - 600_000 })));
    expect(old).toMatchObject({ status: 401, code: 'token_expired' });
    expect(old.detail).toMatch(/expired at .*, and it is .* here/);
    const forged = write({}, generateKeyPairSync('ed25519').privateKey);
    const good = write();
    for (const token of [forged, `${good.slice(0, -3)}AAA`, 'gk_tok_x', `${good}.x`]) {
      expect(await problemOf(await ask(token))).toMatchObject({ status: 401, code: 'invalid_token' });
    }
    const stranger = write({ key: '01890a5d-ac96-774b-bcce-b302099a8099' });
    expect(await problemOf(await ask(stranger))).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  it('are taken from the pages that they name alone', async () => {
    const token = write({ origins: [PAGE] });
    expect((await ask(token, undefined, { origin: PAGE })).status).toBe(200);
    for (const headers of [{}, { origin: 'https://evil.example' }, { origin: `${PAGE}.evil.example` }]) {
      const problem = await problemOf(await ask(token, undefined, headers));
      expect(problem).toMatchObject({ status: 403, detail: expect.stringContaining(PAGE) });
    }
  });

  it('stop when their key is revoked', async () => {
    const token = write();
    expect((await ask(token)).status).toBe(200);
    KeysHandler.revoked.add(sha256Of(KEY));
    publishEvent(nats, KEY_CHANGED, { id });
    await nats.flush();
    let response = await ask(token);
    for (let tries = 0; response.status === 200 && tries < 100; tries++) {
      await sleep(50);
      response = await ask(token);
    }
    KeysHandler.revoked.clear();
    expect(await problemOf(response)).toMatchObject({ status: 401, code: 'key_revoked' });
  });
});
