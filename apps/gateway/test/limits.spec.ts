import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Problem } from '@ganglion/contracts/errors';
import { startCanteen, type Canteen } from './start-canteen.js';

let stack: Canteen;
beforeAll(async () => {
  stack = await startCanteen({ GANGLION_REQUESTS_PER_SECOND: '2', GANGLION_CONCURRENCY: '3' });
});
afterAll(() => stack.stop());

const wash = (ms: number): Promise<Response> => {
  const headers = { 'content-type': 'application/json' };
  return stack.fetch('/v1/canteen/wash', { method: 'POST', headers, body: JSON.stringify({ ms }) });
};

it('a key is told what it may do, and when to come again', async () => {
  // The start asked for some.
  await sleep(1_000);
  const first = await wash(0);
  expect(first.status).toBe(200);
  expect(first.headers.get('ratelimit-policy')).toBe(
    '"rate";q=2;w=1, "concurrency";q=3;qu="concurrent-requests"',
  );
  expect(first.headers.get('ratelimit')).toMatch(/^"rate";r=\d+;t=1, "concurrency";r=\d$/);
  const responses = await Promise.all(Array.from({ length: 6 }, () => wash(0)));
  const refused = responses.find(({ status }) => status === 429);
  expect(refused?.headers.get('retry-after')).toBe('1');
  expect(refused?.headers.get('ratelimit')).toContain('"rate";');
  expect(await refused?.json()).toMatchObject({
    code: 'rate_limited',
    retryable: true,
  } satisfies Partial<Problem>);
});
