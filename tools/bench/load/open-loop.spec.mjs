import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { runOpenLoop } from './open-loop.mjs';

/** @type {import('node:http').Server | undefined} */
let server;
afterEach(() => new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined))));

/** @param {(at: number) => Promise<number>} answer the status, by the count of the request */
async function serve(answer) {
  let at = 0;
  const listening = createServer(async (request, response) => {
    request.resume();
    response.writeHead(await answer(at++)).end('{}');
  });
  server = listening;
  await new Promise((resolve) => listening.listen(0, '127.0.0.1', () => resolve(undefined)));
  return `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (listening.address()).port}`;
}

const requests = [{ method: 'POST', path: '/', headers: {}, body: Buffer.from('a') }];

describe('runOpenLoop', () => {
  it('keeps its rate, however slow the answers are', async () => {
    const url = await serve(() => sleep(300, 200));
    const rate = { ratePerSecond: 200, seconds: 1, windowSeconds: 0.5 };
    const { windows } = await runOpenLoop({ url, ...rate, connections: 200, requests });
    expect(windows).toHaveLength(2);
    const accepted = windows.reduce((sum, window) => sum + window.accepted, 0);
    expect(accepted).toBeGreaterThan(130);
    expect(accepted).toBeLessThan(270);
    for (const { acceptedP99Ms } of windows) expect(acceptedP99Ms).toBeGreaterThanOrEqual(299);
  });

  it('counts what finds no connection free', async () => {
    const url = await serve(() => sleep(1_000, 200));
    const rate = { ratePerSecond: 100, seconds: 0.5, windowSeconds: 1 };
    const { windows, firstError } = await runOpenLoop({ url, ...rate, connections: 3, requests });
    expect(windows[0]?.accepted).toBe(3);
    expect(windows[0]?.errors).toBeGreaterThan(10);
    expect(firstError).toBe('no connection was free');
  });

  it('tells what is refused, what is answered and what goes wrong apart', async () => {
    const url = await serve(async (at) => [200, 503, 500][at % 3] ?? 200);
    const { windows, firstError } = await runOpenLoop({
      url,
      ratePerSecond: 300,
      seconds: 0.5,
      windowSeconds: 1,
      connections: 50,
      requests,
    });
    const [{ accepted = 0, refused = 0, errors = 0 } = {}] = windows;
    expect(Math.max(accepted, refused, errors) - Math.min(accepted, refused, errors)).toBeLessThanOrEqual(1);
    expect(firstError).toBe('status 500');
  });
});
