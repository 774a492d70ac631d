import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testService } from '@ganglion/testing';
import { startGateway, type RunningGateway } from '../src/start-gateway.js';
import { CanteenHandler, KEY } from './fixtures.js';
import { startCanteen, type Canteen } from './start-canteen.js';

let stack: Canteen;
let later: RunningGateway | undefined;
beforeAll(async () => {
  stack = await startCanteen();
});
afterAll(async () => {
  await later?.stop();
  await stack.stop();
});

const order = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/v1/canteen/order`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ dish: 'soup' }),
  });

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (const since = performance.now(); !(await isTrue()); await sleep(100)) {
    if (performance.now() - since > 20_000) throw new Error('It took too long.');
  }
}

it('a gateway that starts while a service is down knows its routes, and takes jobs for it', async () => {
  expect((await order(stack.url)).status).toBe(200);
  // A contract is noted within moments.
  await sleep(2_500);
  await stack.canteen.stop();
  later = await startGateway(stack.environment);
  const { url } = later;
  await until(async () => (await order(url)).status !== 404);
  const refused = await order(url);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).not.toBeNull();
  const accepted = await order(url, { prefer: 'respond-async' });
  expect(accepted.status).toBe(202);
  const { id } = (await accepted.json()) as { id: string };

  const { environment } = stack;
  stack.canteen = await testService({ name: 'canteen', controllers: [CanteenHandler], environment });
  await until(async () => {
    const response = await fetch(`${url}/v1/jobs/${id}`, { headers: { authorization: `Bearer ${KEY}` } });
    return ((await response.json()) as { state: string }).state === 'succeeded';
  });
  expect((await order(url)).status).toBe(200);
});
