import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jobClient } from './job-client.js';
import { startCanteen, type Canteen } from './start-canteen.js';

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

describe('a blob store that is full', () => {
  let canteen: Canteen;
  let client: ReturnType<typeof jobClient>;
  beforeAll(async () => {
    canteen = await startCanteen({ GANGLION_JOBS_TRAINING: '0', GANGLION_BLOB_MAX_MB: '2' });
    client = jobClient(canteen);
  });
  afterAll(() => canteen.stop());

  const weigh = () =>
    canteen.fetch('/v1/canteen/trays/weigh', {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: Buffer.concat([Buffer.from(PNG), Buffer.alloc(800_000)]),
    });

  it('keeps what was accepted, refuses what is new and large, and answers what is small', async () => {
    expect((await weigh()).status).toBe(200);
    const job = await client.submit('/v1/canteen/learn', { recipe: 'x'.repeat(2_000_000) });
    const other = await client.submit('/v1/canteen/learn', { recipe: 'y'.repeat(200_000) });
    const full = { status: 503, code: 'storage_full', retryable: true };
    for (const reply of [
      await weigh(),
      await client.post('/v1/canteen/learn', { recipe: 'cake' }, { prefer: 'respond-async' }),
    ]) {
      expect(reply.headers.get('retry-after')).toBe('60');
      expect(await reply.json()).toMatchObject(full);
    }
    expect((await client.post('/v1/canteen/order', { dish: 'soup' })).status).toBe(200);

    for (const { id } of [job, other]) {
      const worker = client.worker(id);
      await worker.lease('one');
      const answer = 'z'.repeat(300_000);
      expect(await worker.end(1, { kind: 'answered', answer })).toBe(true);
      expect((await client.get(id)).answer).toBe(answer);
    }
  });
});
