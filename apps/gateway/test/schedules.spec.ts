import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import type { RunningGateway } from '../src/start-gateway.js';
import { SCHEDULER_KEY } from './fixtures.js';
import { openEdge, startCanteen, startConnectedGateway, type Canteen } from './start-canteen.js';

interface Shown {
  readonly id: string;
  readonly nextAt: string;
  readonly lastJobId: string | null;
}

describe('schedules', () => {
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

  const soup = {
    operation: 'canteen.order',
    input: { dish: 'soup' },
    cron: '0 8 * * 1-5',
    timeZone: 'Europe/Berlin',
  };
  const create = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    canteen.fetch('/v1/schedules', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const list = async (): Promise<Shown[]> =>
    ((await (await canteen.fetch('/v1/schedules')).json()) as { data: Shown[] }).data;

  it('become one job at each of their times, however many gateways there are', async () => {
    const reply = await create(soup);
    const { id, nextAt } = (await reply.json()) as Shown;
    expect(reply.status).toBe(201);
    expect(new Date(nextAt).getUTCMinutes()).toBe(0);
    await system.query('UPDATE edge.schedules SET next_at = now() WHERE id = $1', [id]);
    let jobId: string | null = null;
    while (jobId === null) {
      await sleep(50);
      [{ lastJobId: jobId }] = (await list()) as [Shown];
    }
    for (let state = ''; state !== 'succeeded'; await sleep(50)) {
      const job = (await (await canteen.fetch(`/v1/jobs/${jobId}`)).json()) as {
        state: string;
        answer: unknown;
      };
      ({ state } = job);
      if (state === 'succeeded') expect(job.answer).toMatchObject({ output: { plates: ['soup'] } });
    }
    await sleep(2_500);
    const [{ count }] = await system.query('SELECT count(*)::int FROM edge.jobs');
    expect(count).toBe(1);
    expect((await list())[0]).toMatchObject({ nextAt, lastJobId: jobId });

    expect((await canteen.fetch(`/v1/schedules/${id}`, { method: 'DELETE' })).status).toBe(200);
    expect((await canteen.fetch(`/v1/schedules/${id}`, { method: 'DELETE' })).status).toBe(404);
    expect(await list()).toEqual([]);
  });

  it('are refused when they could not run', async () => {
    const refusal = async (change: object) => (await create({ ...soup, ...change })).json();
    expect(await refusal({ cron: '* * * * * *' })).toMatchObject({
      status: 422,
      code: 'invalid_input',
      errors: [{ pointer: '/cron', detail: expect.stringMatching(/at most once a minute/) }],
    });
    expect(await refusal({ cron: '0 0 30 2 *' })).toMatchObject({ errors: [{ pointer: '/cron' }] });
    expect(await refusal({ timeZone: 'Mars/Olympus' })).toMatchObject({ errors: [{ pointer: '/timeZone' }] });
    expect(await refusal({ operation: 'canteen.dance' })).toMatchObject({ code: 'unknown_operation' });
    expect(await refusal({ operation: 'canteen.wash' })).toMatchObject({ code: 'unknown_option' });
    expect(await refusal({ input: { dish: '' } })).toMatchObject({ errors: [{ pointer: '/input/dish' }] });
    expect(await refusal({ input: { dish: 'x'.repeat(70_000) } })).toMatchObject({
      code: 'payload_too_large',
    });
    expect(await list()).toEqual([]);
  });

  it('can call no more than the key that makes them', async () => {
    const reply = await create(soup, { authorization: `Bearer ${SCHEDULER_KEY}` });
    expect(await reply.json()).toMatchObject({ status: 403, code: 'forbidden' });
  });
});
