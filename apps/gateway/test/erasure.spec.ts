import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eraseEdgeData } from '@ganglion/contracts/edge/erasure';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { chainDigest } from '@ganglion/persistence';
import type { DataSource } from 'typeorm';
import { jobClient } from './job-client.js';
import { openEdge, startCanteen, type Canteen } from './start-canteen.js';

describe('erasure of what the gateway keeps', () => {
  let canteen: Canteen;
  let system: DataSource;
  let client: ReturnType<typeof jobClient>;
  beforeAll(async () => {
    canteen = await startCanteen({ GANGLION_JOBS_TRAINING: '0' });
    client = jobClient(canteen);
    system = await openEdge(canteen.environment);
  });
  afterAll(async () => {
    await system.destroy();
    await canteen.stop();
  });

  const erase = (subject: string | null, erasure = uuidv7(), tenant = 'acme') =>
    canteen.canteen.call(eraseEdgeData, { erasure, subject }, { tenant });
  const status = async (id: string) => (await canteen.fetch(`/v1/jobs/${id}`)).status;
  const learn = (subject: string | undefined, headers: Record<string, string> = {}) =>
    client.submit(
      '/v1/canteen/learn',
      { recipe: 'x'.repeat(300_000) },
      { ...headers, ...(subject !== undefined && { 'ganglion-subject': subject }) },
    );
  const held = async (id: string) => {
    const [{ input_ref: ref }] = await system.query('SELECT input_ref FROM edge.jobs WHERE id = $1', [id]);
    return () => canteen.canteen.kit.blobs.read('acme', JSON.parse(ref));
  };

  it('removes the jobs of a subject with their parts and blobs, and proves it', async () => {
    const [running, waiting] = [await learn('anna'), await learn('anna')];
    const [other, nobody] = [await learn('bert'), await learn(undefined)];
    const run = client.worker(running.id);
    expect(await run.lease('one')).toMatchObject({ subject: 'anna' });
    expect(await run.report(1, { part: { index: 0, value: 'half' } })).toBe('go-on');
    const blobs = [await held(running.id), await held(waiting.id)];

    const { isComplete, erased } = await erase('anna');
    expect(isComplete).toBe(true);
    expect(erased.find(({ table }) => table === 'jobs')).toEqual({
      table: 'jobs',
      rows: 2,
      sha256: chainDigest('', [waiting.id, running.id]),
    });
    const rows = Object.fromEntries(erased.map(({ table, rows }) => [table, rows]));
    expect(rows).toMatchObject({ job_parts: 1, held_blobs: 2 });
    for (const { id } of [running, waiting]) expect(await status(id)).toBe(404);
    for (const { id } of [other, nobody]) expect(await status(id)).toBe(200);
    for (const read of blobs) await expect(read()).rejects.toMatchObject({ code: 'not_found' });
    expect(await run.report(1)).toBe('lost');
    expect(await run.end(1, { kind: 'answered', answer: 'late' })).toBe(false);
  });

  it('changes nothing when it is asked again, and leaves what came later', async () => {
    const job = await learn('carl');
    const erasure = uuidv7(Date.now() + 5);
    const first = await erase('carl', erasure);
    await new Promise((resolve) => setTimeout(resolve, 10));
    const later = await learn('carl');
    expect(await erase('carl', erasure)).toEqual(first);
    expect([await status(job.id), await status(later.id)]).toEqual([404, 200]);
  });

  it('removes kept answers of a subject: their keys are new again', async () => {
    const headers = { 'idempotency-key': randomUUID(), 'ganglion-subject': 'dora' };
    const order = () => client.post('/v1/canteen/order', { dish: 'soup' }, headers);
    await order();
    expect((await order()).headers.get('idempotency-replayed')).toBe('true');
    const { erased } = await erase('dora', uuidv7(Date.now() + 1_000));
    expect(erased.find(({ table }) => table === 'idempotency_keys')).toMatchObject({ rows: 1 });
    expect((await order()).headers.get('idempotency-replayed')).toBeNull();
  });

  it('removes everything of a tenant, however much, and nothing of another', async () => {
    await system.query(
      `INSERT INTO edge.jobs (tenant_id, id, service, operation, class, request_id, timeout_ms, retain_days)
       SELECT tenant, (lpad(to_hex(n), 8, '0') || substr(gen_random_uuid()::text, 9))::uuid, 's', 'o', 'training', 'r', 1, 1
       FROM unnest(ARRAY['big', 'small']) AS tenant, generate_series(1, 1200) AS n`,
    );
    const { isComplete, erased } = await erase(null, uuidv7(), 'big');
    expect(isComplete).toBe(true);
    expect(erased.find(({ table }) => table === 'jobs')).toMatchObject({ rows: 1_200 });
    const left = await system.query('SELECT tenant_id, count(*)::int FROM edge.jobs GROUP BY 1 ORDER BY 1');
    expect(left).toContainEqual({ tenant_id: 'small', count: 1_200 });
    expect(left.map(({ tenant_id }: { tenant_id: string }) => tenant_id)).not.toContain('big');
  });

  it.each(['', 'two words', 'ä', 'x'.repeat(256)])('refuses the subject "%s"', async (subject) => {
    const reply = await client.post(
      '/v1/canteen/order',
      { dish: 'soup' },
      {
        'ganglion-subject': Buffer.from(subject).toString('latin1'),
      },
    );
    expect(await reply.json()).toMatchObject({ status: 400, code: 'malformed_request' });
  });
});
