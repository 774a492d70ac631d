import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import type { RunningGateway } from '../src/start-gateway.js';
import { CanteenHandler, COOK_ONLY_KEY, KEY } from './fixtures.js';
import { openEdge, startCanteen, startConnectedGateway, type Canteen } from './start-canteen.js';

describe('requests with an idempotency key', () => {
  let canteen: Canteen;
  let second: RunningGateway;
  let system: DataSource;
  beforeAll(async () => {
    canteen = await startCanteen();
    second = await startConnectedGateway(canteen.environment);
    system = await openEdge(canteen.environment);
  });
  afterAll(async () => {
    await system.destroy();
    await second.stop();
    await canteen.stop();
  });

  const post = (path: string, key: string, body: unknown, url = canteen.url): Promise<Response> =>
    fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
  const orderAs = (apiKey: string, key: string): Promise<Response> =>
    fetch(`${canteen.url}/v1/canteen/order`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify({ dish: 'soup' }),
    });
  const order = (key: string, body: unknown, url?: string) => post('/v1/canteen/order', key, body, url);

  it('are answered once, by whichever gateway', async () => {
    const key = randomUUID();
    const before = CanteenHandler.cooked;
    const first = await order(key, { dish: 'soup' });
    const again = await order(key, { dish: 'soup' }, second.url);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(first.headers.has('idempotency-replayed')).toBe(false);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(await again.text()).toBe(await first.text());
    expect(CanteenHandler.cooked).toBe(before + 1);
  });

  it('are those of one caller: another key of the tenant has its own', async () => {
    const key = randomUUID();
    const before = CanteenHandler.cooked;
    const responses = [await orderAs(KEY, key), await orderAs(COOK_ONLY_KEY, key), await orderAs(KEY, key)];
    expect(responses.map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, null, 'true']);
    expect(CanteenHandler.cooked).toBe(before + 2);
  });

  it('are carried out once however many come at the same time', async () => {
    const key = randomUUID();
    const before = CanteenHandler.cooked;
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, i) => order(key, { dish: 'stew' }, i % 2 ? second.url : canteen.url)),
    );
    const answers = await Promise.all(
      replies.map(async (reply) => [reply.status, await reply.text()] as const),
    );
    const given = new Set(answers.filter(([status]) => status === 200).map(([, text]) => text));
    expect(given.size).toBe(1);
    const refused = answers.filter(([status]) => status !== 200);
    for (const [, text] of refused)
      expect(JSON.parse(text)).toMatchObject({ code: 'in_progress', status: 409 });
    expect(CanteenHandler.cooked).toBe(before + 1);
  });

  it('tell a second one that the first still runs', async () => {
    const key = randomUUID();
    const first = post('/v1/canteen/wash', key, { ms: 1_500 });
    const rows = () => system.query('SELECT 1 FROM edge.idempotency_keys WHERE key = $1', [key]);
    while ((await rows()).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const early = await post('/v1/canteen/wash', key, { ms: 1_500 }, second.url);
    expect(early.status).toBe(409);
    expect(early.headers.get('retry-after')).toBe('1');
    expect(await early.json()).toMatchObject({ code: 'in_progress', retryable: true });
    expect((await first).status).toBe(200);
    const late = await post('/v1/canteen/wash', key, { ms: 1_500 }, second.url);
    expect(late.status).toBe(200);
  });

  it('are refused with another body, and not mixed up between routes', async () => {
    const key = randomUUID();
    expect((await order(key, { dish: 'soup' })).status).toBe(200);
    const other = await order(key, { dish: 'salad' }, second.url);
    expect(other.status).toBe(409);
    expect(await other.json()).toMatchObject({ code: 'idempotency_key_reused', retryable: false });
    expect((await post('/v1/canteen/wash', key, { ms: 1 })).status).toBe(200);
  });

  it('keep what will fail every time, and nothing that may succeed later', async () => {
    const key = randomUUID();
    const before = CanteenHandler.cooked;
    const first = await order(key, { dish: 'schnitzel' });
    const again = await order(key, { dish: 'schnitzel' });
    expect([first.status, again.status]).toEqual([409, 409]);
    expect(await again.text()).toBe(await first.text());
    expect(again.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(CanteenHandler.cooked).toBe(before + 1);

    const slow = randomUUID();
    expect((await post('/v1/canteen/wash', slow, { ms: 60_000 })).status).toBe(504);
    const [{ count }] = await system.query('SELECT count(*)::int FROM edge.idempotency_keys WHERE key = $1', [
      slow,
    ]);
    expect(count).toBe(0);
  });

  it('keep large answers as blobs', async () => {
    const key = randomUUID();
    const dish = 'x'.repeat(400_000);
    const first = await order(key, { dish });
    const again = await order(key, { dish }, second.url);
    const text = await again.text();
    expect(text).toBe(await first.text());
    expect(text.length).toBeGreaterThan(400_000);
    const [row] = await system.query(
      'SELECT body_ref, octet_length(body) AS bytes FROM edge.idempotency_keys WHERE key = $1',
      [key],
    );
    expect(row.bytes).toBe(1);
    expect(row.body_ref).toContain('sha256');
  });

  it('know the same picture, however it lies', async () => {
    const key = randomUUID();
    const picture = Buffer.alloc(1_000_000, 7);
    const weigh = (body: Buffer) =>
      fetch(`${canteen.url}/v1/canteen/trays/weigh`, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'image/png', 'idempotency-key': key },
        body: new Uint8Array(body),
      });
    const first = await weigh(picture);
    const again = await weigh(picture);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await again.text()).toBe(await first.text());
    picture[0] = 8;
    expect((await weigh(picture)).status).toBe(409);
  });

  it('run again only once the lease of who answers them has ended', async () => {
    const key = randomUUID();
    const { status } = await order(key, { dish: 'soup' });
    expect(status).toBe(200);
    // What a gateway leaves that is killed while it answers.
    await system.query(
      `UPDATE edge.idempotency_keys SET status = NULL, body = NULL, holder = gen_random_uuid(),
       lease_until = now() + interval '1 hour' WHERE key = $1`,
      [key],
    );
    expect((await order(key, { dish: 'soup' })).status).toBe(409);
    await system.query('UPDATE edge.idempotency_keys SET lease_until = now() WHERE key = $1', [key]);
    expect((await order(key, { dish: 'soup' })).status).toBe(200);
    const [{ runs }] = await system.query('SELECT runs FROM edge.idempotency_keys WHERE key = $1', [key]);
    expect(runs).toBe(2);
    await system.query(
      `UPDATE edge.idempotency_keys SET expires_at = now() - interval '1 s' WHERE key = $1`,
      [key],
    );
    expect((await order(key, { dish: 'other' })).status).toBe(200);
  });

  it('need a key of visible characters', async () => {
    for (const key of ['', 'a b', 'x'.repeat(256)]) {
      const reply = await order(key, { dish: 'soup' });
      expect(await reply.json()).toMatchObject({ status: 400, code: 'malformed_request' });
    }
  });
});
