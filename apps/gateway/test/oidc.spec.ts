import type { Problem } from '@ganglion/contracts/errors';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JWTPayload } from 'jose';
import { startCanteen, type Canteen } from './start-canteen.js';
import { AUDIENCE, startProvider, type TestProvider } from './start-provider.js';

const SKEW_S = 60;

describe('JWTs of an OpenID provider', () => {
  let provider: TestProvider;
  let stack: Canteen;
  beforeAll(async () => {
    provider = await startProvider();
    stack = await startCanteen({
      GANGLION_OIDC_ISSUER: provider.issuer,
      GANGLION_OIDC_AUDIENCE: AUDIENCE,
      GANGLION_OIDC_CLOCK_SKEW_S: String(SKEW_S),
      GANGLION_OIDC_TENANT_CLAIM: 'org',
      GANGLION_OIDC_ROLES_CLAIM: 'realm.roles',
      GANGLION_OIDC_ROLE_MAP: 'cooks=caller,chefs=admin',
    });
  });
  afterAll(async () => {
    await stack.stop();
    await provider.stop();
  });

  const ask = (token: string, path = '/v1/menus/today'): Promise<Response> =>
    stack.fetch(path, { headers: { authorization: `Bearer ${token}` } });
  const problemOf = async (token: string, path?: string) => {
    const response = await ask(token, path);
    return (await response.json()) as Problem;
  };
  const now = (): number => Math.floor(Date.now() / 1_000);
  const claims = (changed: JWTPayload = {}): JWTPayload => ({
    iss: provider.issuer,
    aud: AUDIENCE,
    sub: 'ann',
    scope: 'openid canteen:menu',
    org: 'acme',
    realm: { roles: ['cooks'] },
    iat: now(),
    exp: now() + 300,
    ...changed,
  });

  it('open what their scopes and roles name', async () => {
    const token = await provider.grant('canteen:menu');
    expect((await ask(token)).status).toBe(200);
    expect(await problemOf(await provider.grant('canteen:order'))).toMatchObject({
      status: 403,
      detail: expect.stringContaining('canteen:menu'),
    });
    const signed = await provider.sign(claims());
    expect((await ask(signed)).status).toBe(200);
    expect(await problemOf(signed, '/v1/dead-letters')).toMatchObject({ status: 403, code: 'forbidden' });
    const roleless = await provider.sign(claims({ realm: { roles: ['guests'] } }));
    expect(await problemOf(roleless)).toMatchObject({ status: 403, detail: expect.stringContaining('role') });
  });

  it('bear a clock that is off by less than the setting, and are told of one that is off by 10 minutes', async () => {
    for (const changed of [{ exp: now() - SKEW_S / 2 }, { iat: now() + SKEW_S / 2 }, { nbf: now() + 30 }]) {
      expect((await ask(await provider.sign(claims(changed)))).status).toBe(200);
    }
    const late = await problemOf(await provider.sign(claims({ iat: now() - 900, exp: now() - 600 })));
    expect(late).toMatchObject({
      status: 401,
      code: 'token_expired',
      detail: expect.stringContaining('expired at'),
    });
    const early = await problemOf(await provider.sign(claims({ iat: now() + 600, exp: now() + 900 })));
    expect(early).toMatchObject({ status: 401, code: 'invalid_token' });
    expect(early.detail).toMatch(/(600|599) s from now: the provider's clock or this one is off/);
    const notYet = await problemOf(await provider.sign(claims({ nbf: now() + 600 })));
    expect(notYet.detail).toMatch(/not valid before .*clock/);
  });

  it.each([
    ['another audience', { aud: 'https://other.example' }, AUDIENCE],
    ['another issuer', { iss: 'https://other.example' }, 'issuer'],
    ['no end', { exp: undefined }, '"exp"'],
    ['no subject', { sub: undefined }, '"sub"'],
    ['a tenant that is none', { org: '../acme' }, '"org" names no tenant'],
    ['no tenant', { org: undefined }, '"org" names no tenant'],
  ] as const)('are refused with %s', async (_, changed, words) => {
    const problem = await problemOf(await provider.sign(claims(changed as JWTPayload)));
    expect(problem).toMatchObject({ status: 401, code: 'invalid_token' });
    expect(problem.detail).toContain(words);
  });

  it('are refused when they were changed, are not signed, or are signed by nobody here', async () => {
    const [header = '', , signature = ''] = (await provider.sign(claims())).split('.');
    const body = Buffer.from(JSON.stringify(claims({ org: 'globex' }))).toString('base64url');
    expect(await problemOf(`${header}.${body}.${signature}`)).toMatchObject({ code: 'invalid_token' });
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    expect(await problemOf(`${none}.${body}.`)).toMatchObject({ status: 401, code: 'invalid_token' });
    const other = await provider.sign(claims(), { kid: 'unknown' });
    expect(await problemOf(other)).toMatchObject({ status: 401, code: 'invalid_token' });
    expect(await problemOf('a.b.c')).toMatchObject({ status: 401, code: 'invalid_token' });
  });

  it('go on for a while without the provider', async () => {
    const token = await provider.sign(claims({ sub: 'later' }));
    await provider.stop();
    expect((await ask(token)).status).toBe(200);
    const port = Number(new URL(provider.issuer).port);
    provider = await startProvider(port);
  });
});
