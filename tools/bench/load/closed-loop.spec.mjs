import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { run } from './closed-loop.mjs';

/** @type {import('node:http').Server | undefined} */
let server;
afterEach(() => new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined))));

/** @param {(body: string, at: number) => { status?: number, body: string, close?: boolean }} answer */
async function serve(answer) {
  let at = 0;
  const listening = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const { status = 200, body, close } = answer(Buffer.concat(chunks).toString(), at++);
    if (close) response.shouldKeepAlive = false;
    response.writeHead(status).end(body);
  });
  server = listening;
  await new Promise((resolve) => listening.listen(0, '127.0.0.1', () => resolve(undefined)));
  return `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (listening.address()).port}`;
}

const requests = ['a', 'b'].map((body) => ({
  method: 'POST',
  path: '/',
  headers: {},
  body: Buffer.from(body),
}));

describe('run', () => {
  it('counts answers, and shows some of each request', async () => {
    const url = await serve((body) => ({ body: `${body}!` }));
    /** @type {string[]} */
    const seen = [];
    const figures = await run({
      url,
      callers: 4,
      seconds: 0.5,
      warmupSeconds: 0.1,
      requests,
      accept: (index, body) => seen.push(`${index}${body}`),
    });
    expect(figures.errors).toBe(0);
    expect(figures.requestsPerSecond).toBeGreaterThan(1);
    expect(figures.p50Ms).toBeLessThanOrEqual(figures.p99Ms);
    expect(new Set(seen)).toEqual(new Set(['0a!', '1b!']));
  });

  it('counts errors apart, and tells the first', async () => {
    const url = await serve((_, at) => (at % 2 ? { status: 503, body: 'full' } : { body: '' }));
    const figures = await run({ url, callers: 1, seconds: 0.3, warmupSeconds: 0, requests });
    expect(figures).toMatchObject({ firstError: '503 full' });
    expect(Math.abs(figures.errors - figures.answers)).toBeLessThanOrEqual(1);
  });

  it('goes on after a server has closed the connection', async () => {
    const url = await serve(() => ({ body: '', close: true }));
    const figures = await run({ url, callers: 2, seconds: 0.3, requests });
    expect(figures.errors).toBe(0);
    expect(figures.answers).toBeGreaterThan(4);
  });

  it('fails on a wrong answer', async () => {
    const url = await serve(() => ({ body: 'wrong' }));
    const accept = () => {
      throw new Error('answered wrong');
    };
    await expect(run({ url, callers: 1, seconds: 0.2, requests, accept })).rejects.toThrow('answered wrong');
  });
});
