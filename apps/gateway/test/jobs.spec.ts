import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JOBS_STREAM } from '@ganglion/contracts/wire';
import { testService } from '@ganglion/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import type { DataSource } from 'typeorm';
import type { RunningGateway } from '../src/start-gateway.js';
import { CanteenHandler, COOK_ONLY_KEY } from './fixtures.js';
import { eventually, jobClient, readEvents, type JobShown } from './job-client.js';
import { openEdge, startCanteen, startConnectedGateway, type Canteen } from './start-canteen.js';

describe('jobs', () => {
  let canteen: Canteen;
  let second: RunningGateway;
  let system: DataSource;
  let client: ReturnType<typeof jobClient>;
  beforeAll(async () => {
    canteen = await startCanteen({ GANGLION_JOBS_TRAINING: '0' });
    client = jobClient(canteen);
    second = await startConnectedGateway(canteen.environment);
    system = await openEdge(canteen.environment);
  });
  afterAll(async () => {
    await system.destroy();
    await second.stop();
    await canteen.stop();
  });

  it('are accepted at once, and have the answer of a call in the end', async () => {
    const job = await client.submit('/v1/canteen/order', { dish: 'soup', portions: 2 });
    expect(job).toMatchObject({ service: 'canteen', operation: 'order', class: 'cpu', error: null });
    const done = await client.ended(job.id);
    expect(done).toMatchObject({
      state: 'succeeded',
      runs: 1,
      queue: null,
      answer: { id: job.id, output: { plates: ['soup', 'soup'] } },
    });
  });

  it('answer as a call does when they end while the client waits', async () => {
    const reply = await client.post('/v1/canteen/order', { dish: 'stew' }, { prefer: 'wait=30' }, second.url);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('preference-applied')).toBe('respond-async, wait=30');
    const answer = (await reply.json()) as { id: string; output: unknown };
    expect(answer.output).toEqual({ plates: ['stew'] });
    expect(reply.headers.get('location')).toBe(`/v1/jobs/${answer.id}`);

    const refused = await client.post('/v1/canteen/order', { dish: 'schnitzel' }, { prefer: 'wait=30' });
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ code: 'canteen.sold_out' });
  });

  it('answer many inputs in order, with what the gateway refused', async () => {
    const inputs = [{ dish: 'soup' }, { dish: '' }, { dish: 'cake' }];
    const reply = await client.post('/v1/canteen/order', { inputs }, { prefer: 'wait=30' });
    expect(await reply.json()).toMatchObject({
      results: [
        { output: { plates: ['soup'] } },
        { error: { code: 'invalid_input' } },
        { output: { plates: ['cake'] } },
      ],
    });
  });

  it('are made once for a key, by whichever gateway', async () => {
    const headers = { 'idempotency-key': randomUUID(), prefer: 'respond-async' };
    const before = CanteenHandler.cooked;
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        client.post('/v1/canteen/order', { dish: 'pie' }, headers, i % 2 ? second.url : canteen.url),
      ),
    );
    const ids = await Promise.all(replies.map(async (reply) => ((await reply.json()) as JobShown).id));
    expect(new Set(ids).size).toBe(1);
    await client.ended(ids[0] ?? '');
    const { prefer: _, ...withoutPreference } = headers;
    const answer = await client.post('/v1/canteen/order', { dish: 'pie' }, withoutPreference);
    expect(await answer.json()).toMatchObject({ id: ids[0], output: { plates: ['pie'] } });
    expect((await client.post('/v1/canteen/order', { dish: 'tart' }, headers)).status).toBe(409);
    expect(CanteenHandler.cooked).toBe(before + 1);
  });

  it('stream progress and parts of the result, and go on where a client left off', async () => {
    const job = await client.submit('/v1/canteen/bake', { loaves: 4, ms: 150 });
    const events = await readEvents(await canteen.fetch(`/v1/jobs/${job.id}/events`));
    const parts = events.filter(({ event }) => event === 'part');
    expect(parts.map(({ data }) => data)).toEqual(
      [1, 2, 3, 4].map((loaf, index) => ({
        index,
        value: { loaf, crust: Buffer.from([loaf]).toString('base64') },
      })),
    );
    expect(events.at(-1)).toMatchObject({
      event: 'end',
      data: { state: 'succeeded', answer: { baked: 4 }, progress: { done: 4, total: 4, unit: 'loaves' } },
    });
    const rest = await readEvents(
      await canteen.fetch(`/v1/jobs/${job.id}/events`, { headers: { 'last-event-id': '2' } }),
    );
    expect(rest.map(({ event }) => event)).toEqual(['part', 'end']);
  });

  it('are cancelled, down to the handler', async () => {
    const running = await client.submit('/v1/canteen/bake', { loaves: 1_000, ms: 50 });
    await eventually(async () => expect((await client.get(running.id)).progress).not.toBeNull());
    expect((await canteen.fetch(`/v1/jobs/${running.id}/cancel`, { method: 'POST' })).status).toBe(200);
    expect(await client.ended(running.id)).toMatchObject({
      state: 'cancelled',
      error: { code: 'cancelled' },
    });

    const waiting = await client.submit('/v1/canteen/learn', { recipe: 'never' });
    expect(waiting.queue).toMatchObject({ position: 1 });
    const reply = await canteen.fetch(`/v1/jobs/${waiting.id}/cancel`, { method: 'POST' });
    expect(await reply.json()).toMatchObject({ state: 'cancelled' });
    expect(await client.worker(waiting.id).lease('late')).toBeNull();
  });

  it('survive the loss of the whole stream', async () => {
    await canteen.canteen.stop();
    const jobs = await Promise.all(
      [1, 2, 3].map((n) => client.submit('/v1/canteen/order', { dish: `dish ${n}` })),
    );
    const manager = await jetstreamManager(canteen.keys.kit.nats);
    await manager.streams.delete(JOBS_STREAM.name);
    expect((await client.post('/v1/canteen/order', { dish: 'now' })).status).toBe(503);
    await startAgain();
    for (const [index, { id }] of jobs.entries()) {
      expect((await client.ended(id)).answer.output).toEqual({ plates: [`dish ${index + 1}`] });
    }
  });

  it('end in a clear error when their operation is gone', async () => {
    await canteen.canteen.stop();
    const job = await client.submit('/v1/canteen/bake', { loaves: 1 });
    await system.query(`UPDATE edge.jobs SET operation = 'gone' WHERE id = $1`, [job.id]);
    await startAgain();
    expect(await client.ended(job.id)).toMatchObject({
      state: 'failed',
      error: { code: 'unknown_operation' },
    });
  });

  it('are listed by state and page, and seen by nobody without the right', async () => {
    const page = (await (await canteen.fetch('/v1/jobs?limit=2&state=succeeded')).json()) as {
      data: JobShown[];
      hasMore: boolean;
    };
    expect(page.data.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
    expect(page.hasMore).toBe(true);
    const headers = { authorization: `Bearer ${COOK_ONLY_KEY}` };
    for (const path of ['/v1/jobs', `/v1/jobs/${page.data[0]?.id}`, `/v1/jobs/${page.data[0]?.id}/events`]) {
      expect((await canteen.fetch(path, { headers })).status).toBe(403);
    }
    for (const path of [`/v1/jobs/${randomUUID()}`, `/v1/jobs/${randomUUID()}/events`]) {
      expect((await canteen.fetch(path)).status).toBe(404);
    }
    expect((await canteen.fetch('/v1/jobs/nonsense/events')).status).toBe(422);
  });

  it('need a preference that can be followed', async () => {
    const refusal = async (path: string, prefer: string) =>
      (await client.post(path, { dish: 'soup' }, { prefer })).json();
    expect(await refusal('/v1/canteen/order', 'wait=soon')).toMatchObject({ code: 'malformed_request' });
    expect(await refusal('/v1/canteen/wash', 'respond-async')).toMatchObject({ code: 'unknown_option' });
    const other = await client.post('/v1/canteen/order', { dish: 'soup' }, { prefer: 'return=minimal' });
    expect(other.status).toBe(200);
  });

  async function startAgain(): Promise<void> {
    canteen.canteen = await testService({
      name: 'canteen',
      controllers: [CanteenHandler],
      environment: canteen.environment,
    });
  }
});
