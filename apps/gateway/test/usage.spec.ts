import { setTimeout as sleep } from 'node:timers/promises';
import { createDataSource, databaseEnvironment } from '@ganglion/persistence';
import { readEnvironment } from '@ganglion/service-kit/environment';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { edgeSchema } from '../src/persistence/edge-schema.js';
import { UsageRepository } from '../src/persistence/usage.repository.js';
import { startGateway } from '../src/start-gateway.js';
import { idOf, KEY, sha256Of } from './fixtures.js';
import { startCanteen, type Canteen } from './start-canteen.js';

describe('usage', () => {
  let stack: Canteen;
  beforeAll(async () => {
    stack = await startCanteen();
  });
  afterAll(() => stack.stop());

  it('of a gateway that stops in good order is in the ledger, whole', async () => {
    const gateway = await startGateway(stack.environment);
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    const order = (body: unknown): Promise<Response> =>
      fetch(`${gateway.url}/v1/canteen/order`, { method: 'POST', headers, body: JSON.stringify(body) });
    const one = { dish: 'soup', portions: 2 };
    const sent = [one, { inputs: [one, one, one] }, { dish: 7 }];
    for (const body of sent) await (await order(body)).arrayBuffer();
    await gateway.stop();

    const settings = readEnvironment(databaseEnvironment, stack.environment);
    const runtime = await createDataSource(edgeSchema, 'runtime', settings).initialize();
    const filter = { from: new Date(Date.now() - 7_200_000), to: new Date(Date.now() + 1_000) };
    const rows = await new UsageRepository(runtime).find('acme', filter, 10);
    const others = await new UsageRepository(runtime).find('globex', filter, 10);
    await runtime.destroy();
    const sum = (name: 'calls' | 'errors' | 'items' | 'bytesIn'): number =>
      rows.reduce((total, row) => total + Number(row[name]), 0);
    expect(rows[0]).toMatchObject({ keyId: idOf(sha256Of(KEY)), operation: 'canteen.order' });
    expect([sum('calls'), sum('errors'), sum('items')]).toEqual([3, 1, 4]);
    expect(sum('bytesIn')).toBe(sent.reduce((total, body) => total + JSON.stringify(body).length, 0));
    expect(others).toEqual([]);
  });

  it('is told as JSON and as CSV, and a wrong range is refused', async () => {
    // The edge is found a moment after the gateway listens.
    let response = await stack.fetch('/v1/usage');
    for (let tries = 0; response.status !== 200 && tries < 50; tries++) {
      await sleep(100);
      response = await stack.fetch('/v1/usage');
    }
    expect(await response.json()).toMatchObject({
      data: expect.arrayContaining([expect.objectContaining({ operation: 'canteen.order' })]),
      hasMore: false,
    });
    const { csv } = (await (await stack.fetch('/v1/usage/export?operation=canteen.order')).json()) as {
      csv: string;
    };
    expect(csv).toMatch(/^hour,keyId,operation,calls,.*\r\n.*canteen\.order/);
    const wrong = await stack.fetch('/v1/usage?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z');
    expect([wrong.status, await wrong.json()]).toMatchObject([422, { code: 'invalid_input' }]);
  });
});
