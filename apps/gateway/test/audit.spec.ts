import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem } from '@ganglion/contracts/errors';
import { testService } from '@ganglion/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COOK_ONLY_KEY, idOf, KEY, KeysHandler, sha256Of } from './fixtures.js';
import { startCanteen, type Canteen } from './start-canteen.js';

describe('the audit of the gateway', () => {
  let stack: Canteen;
  beforeAll(async () => {
    stack = await startCanteen({ GANGLION_TRUSTED_PROXIES: '127.0.0.1' });
  });
  afterAll(() => stack.stop());

  const lock = (id: string, key = KEY, headers: Record<string, string> = {}): Promise<Response> =>
    stack.fetch(`/v1/vault/${id}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ code: 'secret' }),
    });
  const entriesOf = async (object: string, count: number) => {
    const find = () => KeysHandler.audit.filter((entry) => entry.object['door'] === object);
    for (let tries = 0; find().length < count && tries < 200; tries++) await sleep(50);
    return find();
  };

  it('has an act before it is done, and how it ended: who, where from, on what', async () => {
    const response = await lock('north', KEY, { 'x-forwarded-for': '203.0.113.9' });
    expect(response.status).toBe(200);
    const requestId = response.headers.get('ganglion-request-id');
    const who = {
      tenant: 'acme',
      actor: idOf(sha256Of(KEY)),
      credential: 'key',
      roles: ['admin'],
      requestId,
    };
    const what = { action: 'canteen.vault.lock', object: { door: 'north' }, address: '203.0.113.9' };
    expect(await entriesOf('north', 2)).toMatchObject([
      { ...who, ...what, outcome: 'started' },
      { ...who, ...what, outcome: 'succeeded' },
    ]);
    expect(JSON.stringify(KeysHandler.audit)).not.toContain('secret');
    await lock('jammed');
    expect((await entriesOf('jammed', 2)).map(({ outcome }) => outcome)).toEqual(['started', 'conflict']);
  });

  it('has who was refused an act, and credentials that were refused, those alike as one', async () => {
    expect((await lock('south', COOK_ONLY_KEY)).status).toBe(403);
    const unknown = `gk_live_${'x'.repeat(43)}`;
    for (let times = 0; times < 5; times++) expect((await lock('south', unknown)).status).toBe(401);
    const find = (action: string) => KeysHandler.audit.filter((entry) => entry.action === action);
    for (let tries = 0; find('auth.refused').length === 0 && tries < 200; tries++) await sleep(100);
    expect(find('auth.refused')).toMatchObject([{ outcome: 'unauthenticated', count: 5, tenant: 'default' }]);
    expect(find('canteen.vault.lock').at(-1)).toMatchObject({
      outcome: 'forbidden',
      actor: idOf(sha256Of(COOK_ONLY_KEY)),
    });
  });

  it('keeps an act from being done while it cannot be put on record', async () => {
    await stack.keys.stop();
    const response = await lock('west');
    const problem = (await response.json()) as Problem;
    expect(problem).toMatchObject({ status: 503, code: 'ledger_unavailable' });
    stack.keys = await testService({
      name: 'control-plane',
      controllers: [KeysHandler],
      environment: stack.environment,
    });
  });
});
