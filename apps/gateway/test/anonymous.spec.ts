import { request as httpRequest } from 'node:http';
import { HEADERS } from '@ganglion/contracts/wire';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KEY } from './fixtures.js';
import { startCanteen, type Canteen } from './start-canteen.js';

describe('calls without a key', () => {
  let stack: Canteen;
  beforeAll(async () => {
    stack = await startCanteen({ GANGLION_ANONYMOUS: 'true' });
  });
  afterAll(() => stack.stop());

  /** `fetch` writes some headers itself. */
  const statusOf = (headers: Record<string, string>, path = '/v1/menus/today'): Promise<number> =>
    new Promise((resolve, reject) => {
      const request = httpRequest(stack.url + path, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.once('error', reject).end();
    });

  it('are taken from this machine, as a mere caller', async () => {
    expect(await statusOf({})).toBe(200);
    expect(await statusOf({ origin: 'http://localhost:3000' })).toBe(200);
    expect(await statusOf({}, '/v1/dead-letters')).toBe(403);
  });

  it.each([
    [{ 'x-forwarded-for': '127.0.0.1' }],
    [{ 'X-Forwarded-Host': 'localhost' }],
    [{ forwarded: 'for=127.0.0.1' }],
    [{ via: '1.1 proxy' }],
    [{ 'x-real-ip': '127.0.0.1' }],
    [{ host: 'ganglion.evil.example' }],
    [{ origin: 'https://evil.example' }],
    [{ 'sec-fetch-site': 'cross-site' }],
  ])('are refused with %j: a proxy, or a page of somewhere else, sends them', async (headers) => {
    expect(await statusOf(headers)).toBe(401);
    expect(await statusOf({ ...headers, authorization: `Bearer ${KEY}` })).toBe(200);
  });

  it('are refused when their key is none: nobody becomes anonymous by mistake', async () => {
    expect(await statusOf({ authorization: 'Bearer nope' })).toBe(401);
  });

  it('cannot name a tenant, nor can calls with a key', async () => {
    const job = {
      authorization: `Bearer ${KEY}`,
      'content-type': 'application/json',
      prefer: 'respond-async',
    };
    const made = await fetch(`${stack.url}/v1/canteen/order`, {
      method: 'POST',
      headers: { ...job, [HEADERS.tenant]: 'globex', [HEADERS.actor]: '{}', [HEADERS.keyId]: 'x' },
      body: '{"dish":"soup"}',
    });
    expect(made.status).toBe(202);
    const { id } = (await made.json()) as { id: string };
    // The key is of "acme", whatever the header said; who is anonymous is of "default".
    expect((await stack.fetch(`/v1/jobs/${id}`)).status).toBe(200);
    expect(await statusOf({ [HEADERS.tenant]: 'acme' }, `/v1/jobs/${id}`)).toBe(404);
  });
});

describe('without the setting', () => {
  it('nobody calls without a key, not from this machine either', async () => {
    const stack = await startCanteen();
    expect((await fetch(`${stack.url}/v1/menus/today`)).status).toBe(401);
    await stack.stop();
  });
});
