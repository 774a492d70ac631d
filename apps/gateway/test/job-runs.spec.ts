import { randomUUID } from 'node:crypto';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { Bodies } from '../src/persistence/bodies.js';
import { Metrics } from '@ganglion/service-kit/metrics';
import { Purge } from '../src/persistence/system/purge.js';
import { KEY } from './fixtures.js';
import { eventually, jobClient, readEvents, type JobShown } from './job-client.js';
import { openEdge, startCanteen, type Canteen } from './start-canteen.js';

// The tests are the workers of the class `training`: they can fall silent as no handler could.
describe('runs of jobs', () => {
  let canteen: Canteen;
  let system: DataSource;
  let client: ReturnType<typeof jobClient>;
  beforeAll(async () => {
    canteen = await startCanteen({ GANGLION_JOB_LEASE_MS: '60000', GANGLION_JOBS_TRAINING: '0' });
    client = jobClient(canteen);
    system = await openEdge(canteen.environment);
  });
  afterAll(async () => {
    await system.destroy();
    await canteen.stop();
  });

  /** As if its worker had said nothing for as long as a lease lasts. */
  const fallSilent = (id: string) =>
    system.query('UPDATE edge.jobs SET lease_until = now() WHERE id = $1', [id]);

  it('go to another worker when one falls silent, from its checkpoint, and end once', async () => {
    const job = await client.submit('/v1/canteen/learn', { recipe: 'bread' });
    const fake = client.worker(job.id);
    expect(await fake.lease('one')).toMatchObject({ run: 1, checkpoint: null, parts: 0 });
    expect(await fake.lease('one')).toMatchObject({ run: 1 });
    expect(await fake.lease('two')).toBeNull();
    await fake.report(1, { part: { index: 0, value: 'flour' } });
    await fake.report(1, { checkpoint: { value: { step: 1 }, parts: 1 } });
    await fake.report(1, { part: { index: 1, value: 'water' } });

    await fallSilent(job.id);
    const next = await eventually(
      async () => (await fake.lease('two')) ?? Promise.reject(new Error('leased')),
    );
    expect(next).toMatchObject({ run: 2, checkpoint: { step: 1 }, parts: 1 });
    expect(await fake.report(1)).toBe('lost');
    expect(await fake.end(1, { kind: 'answered', answer: 'of the dead' })).toBe(false);
    await fake.report(2, { part: { index: 1, value: 'milk' } });
    expect(await fake.end(2, { kind: 'answered', answer: { learnt: 'bread' } })).toBe(true);
    expect(await fake.end(2, { kind: 'failed', problem: { code: 'internal' } })).toBe(true);
    expect(await client.get(job.id)).toMatchObject({
      state: 'succeeded',
      runs: 2,
      parts: 2,
      answer: { learnt: 'bread' },
    });
    const events = await readEvents(await canteen.fetch(`/v1/jobs/${job.id}/events`));
    expect(events.slice(0, 2).map(({ data }) => data)).toEqual([
      { index: 0, value: 'flour' },
      { index: 1, value: 'water' },
    ]);
  });

  it('are given up when their workers die of them, and can be sent again', async () => {
    const job = await client.submit('/v1/canteen/learn', { recipe: 'poison' });
    const fake = client.worker(job.id);
    for (let run = 1; run <= 5; run++) {
      await eventually(async () => expect(await fake.lease(`run ${run}`)).toMatchObject({ run }));
      await fallSilent(job.id);
    }
    expect(await client.ended(job.id)).toMatchObject({ state: 'failed', error: { code: 'job_abandoned' } });
    const letters = (await (await canteen.fetch('/v1/dead-letters')).json()) as { data: JobShown[] };
    expect(letters.data.map(({ id }) => id)).toEqual([job.id]);

    const replay = () => canteen.fetch(`/v1/dead-letters/${job.id}/replay`, { method: 'POST' });
    expect(await (await replay()).json()).toMatchObject({ id: job.id, state: 'queued', error: null });
    expect((await replay()).status).toBe(404);
    expect(await fake.lease('healthy')).toMatchObject({ run: 6, input: { recipe: 'poison' } });
    await fake.end(6, { kind: 'answered', answer: { learnt: 'antidote' } });
    expect(await client.get(job.id)).toMatchObject({ state: 'succeeded' });
  });

  it('are tried again when time may mend what is wrong', async () => {
    const job = await client.submit('/v1/canteen/learn', { recipe: 'soufflé' });
    const fake = client.worker(job.id);
    await fake.lease('one');
    const problem = { code: 'model_unavailable', retryable: true };
    expect(await fake.end(1, { kind: 'failed', problem })).toBe(true);
    expect(await client.get(job.id)).toMatchObject({ state: 'queued', runs: 1 });
    await eventually(async () => expect(await fake.lease('two')).toMatchObject({ run: 2 }));
    expect(await fake.end(2, { kind: 'failed', problem: { code: 'unknown_model', retryable: false } })).toBe(
      true,
    );
    expect(await client.get(job.id)).toMatchObject({ state: 'failed', error: { code: 'unknown_model' } });
  });

  it('keep media of a request until they have run', async () => {
    const reply = await fetch(`${canteen.url}/v1/canteen/trays/weigh`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'image/png', prefer: 'respond-async' },
      body: new Uint8Array(1_000_000),
    });
    expect(await reply.json()).toMatchObject({ status: 422, code: 'unknown_option' });
    const big = await client.submit('/v1/canteen/learn', { recipe: 'x'.repeat(1_000_000) });
    const held = () => system.query('SELECT purpose FROM edge.held_blobs WHERE holder = $1', [big.id]);
    expect(await held()).toEqual([{ purpose: 'input' }]);
    const fake = client.worker(big.id);
    const leased = await fake.lease('one');
    expect((leased?.input as { recipe: string }).recipe).toHaveLength(1_000_000);
    await fake.end(1, { kind: 'answered', answer: 'y'.repeat(200_000) });
    expect(await held()).toEqual([{ purpose: 'outcome' }]);
    expect((await client.get(big.id)).answer).toHaveLength(200_000);
  });

  it('are forgotten when their time is over, with the blobs that they held', async () => {
    const job = await client.submit('/v1/canteen/learn', { recipe: 'x'.repeat(300_000) });
    const fake = client.worker(job.id);
    await fake.lease('one');
    await fake.end(1, { kind: 'answered', answer: 'y'.repeat(300_000) });
    await system.query(`UPDATE edge.jobs SET expires_at = now() - interval '1 s' WHERE id = $1`, [job.id]);
    const { blobs } = canteen.canteen.kit;
    const [{ ref }] = await system.query('SELECT outcome_ref AS ref FROM edge.jobs WHERE id = $1', [job.id]);
    const purge = new Purge(system, new Bodies(blobs), new Metrics('purge'));
    expect(await purge.held([JSON.parse(ref).lease, randomUUID()])).toEqual(new Set([JSON.parse(ref).lease]));
    await purge.run();
    expect((await canteen.fetch(`/v1/jobs/${job.id}`)).status).toBe(404);
    await expect(blobs.read('acme', JSON.parse(ref))).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are forgotten sooner where their tenant wants it', async () => {
    const idOf = async (days: number): Promise<string> => {
      const { id } = await client.submit('/v1/canteen/learn', { recipe: 'cake' });
      const old = uuidv7(Date.now() - (days + 1) * 24 * 3_600_000);
      await system.query(
        `UPDATE edge.jobs SET id = $2, state = 'succeeded', ended_at = now() - $3 * interval '1 day',
           expires_at = now() + interval '1 day' WHERE id = $1`,
        [id, old, days],
      );
      return old;
    };
    const [old, young] = [await idOf(3), await idOf(1)];
    const purge = new Purge(system, new Bodies(canteen.canteen.kit.blobs), new Metrics('purge'));
    await purge.expireAfter('globex', 2);
    await purge.run();
    expect((await canteen.fetch(`/v1/jobs/${old}`)).status).toBe(200);
    await purge.expireAfter('acme', 2);
    await purge.run();
    expect((await canteen.fetch(`/v1/jobs/${old}`)).status).toBe(404);
    expect((await canteen.fetch(`/v1/jobs/${young}`)).status).toBe(200);
  });
});
