import type { Problem } from '@ganglion/contracts/errors';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startCanteen, type Canteen } from './start-canteen.js';

const MAX_IN_FLIGHT = 2;

let stack: Canteen;
beforeAll(async () => {
  stack = await startCanteen({ GANGLION_MAX_IN_FLIGHT: String(MAX_IN_FLIGHT) });
});
afterAll(() => stack.stop());

const wash = (ms: number): Promise<Response> =>
  stack.fetch('/v1/canteen/wash', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ms }),
  });
it('refuses at once what no instance would take, and takes calls again afterwards', async () => {
  const busy = Array.from({ length: MAX_IN_FLIGHT }, () => wash(1_000));
  let refused = await wash(0);
  while (refused.status === 200) refused = await wash(0);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  const { code, detail } = (await refused.json()) as Problem;
  expect(code).toBe('overloaded');
  expect(detail).toContain('Every instance of canteen has 2 calls');
  for (const response of await Promise.all(busy)) expect(response.status).toBe(200);
  expect((await wash(0)).status).toBe(200);
});
