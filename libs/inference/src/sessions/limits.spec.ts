import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bloatedTfjs, elements, greedyOnnx, hungryOnnx, slowOnnx, trips } from '../../test/hostile-models.js';
import { settings } from '../../test/tiny-models.js';
import type { EngineModel, Session, TensorMap } from '../engine.js';
import type { SessionLimits } from './host-port.js';
import { openSession, type Placement } from './open-session.js';

jest.setTimeout(120_000);

let folder: string;
const sessions: Session[] = [];
const lines: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-limits-'));
});
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.dispose()));
  lines.length = 0;
  await rm(folder, { recursive: true });
});

async function open(model: EngineModel, limits: SessionLimits, placement: Placement = 'process') {
  const log = (line: string) => lines.push(line);
  const session = await openSession(model, { placement, settings, limits, log });
  sessions.push(session);
  return session;
}

async function untilItRuns(session: Session, inputs: () => TensorMap): Promise<TensorMap> {
  for (;;) {
    try {
      return await session.run(inputs());
    } catch {
      await sleep(50);
    }
  }
}

describe('the limits of a process', () => {
  it('end a run that takes too long, and let those that waited behind it come again', async () => {
    const session = await open(await slowOnnx(folder), { runMs: 1_000 });
    const stuck = session.run(trips(1e9));
    const behind = session.run(trips(1));
    const why = 'lost its process (a run took longer than its limit of 1000 ms) and is being loaded again';
    await expect(stuck).rejects.toThrow(why);
    await expect(stuck).rejects.toMatchObject({
      code: 'model_unavailable',
      retryAfterMs: expect.any(Number),
    });
    await expect(behind).rejects.toMatchObject({ code: 'model_unavailable' });
    expect(Object.keys(await untilItRuns(session, () => trips(1)))).toEqual(['y']);
  });

  it('give each run its own time, also when several wait', async () => {
    const session = await open(await slowOnnx(folder), { runMs: 20_000 });
    const startedAt = performance.now();
    await session.run(trips(100));
    const runMs = performance.now() - startedAt;
    const patient = await open(await slowOnnx(folder), { runMs: 10 * runMs + 1_000 });
    await Promise.all(Array.from({ length: 20 }, () => patient.run(trips(100))));
    expect(lines).toEqual([]);
  });

  it('end a run that takes too much memory', async () => {
    const session = await open(await hungryOnnx(folder), { memoryMb: 700 });
    // 6 GB.
    await expect(session.run(elements(1.5e9))).rejects.toThrow(/its memory passed 700 MB|allocate/);
    expect(Object.keys(await untilItRuns(session, () => elements(10)))).toEqual(['y']);
  });

  it('end a model that takes too much memory while it is loaded', async () => {
    const loading = open(await greedyOnnx(folder, 2e8), { memoryMb: 700 });
    await expect(loading).rejects.toMatchObject({ code: 'model_unavailable' });
    await expect(loading).rejects.toThrow(/its process ended over it: its memory passed 700 MB|allocate/);
  });

  it('end a model that takes too long to load', async () => {
    const loading = open(await slowOnnx(folder), { loadMs: 1 });
    await expect(loading).rejects.toThrow('its process ended over it: it took longer than 1 ms');
  });
});

it.each(['thread', 'process'] as const)('the heap of a %s has its limit', async (placement) => {
  const loading = open(await bloatedTfjs(folder, 300_000), { memoryMb: 200 }, placement);
  const why =
    placement === 'thread' ? 'its heap passed 200 MB' : /JavaScript heap passed|memory passed 200 MB/;
  await expect(loading).rejects.toThrow(why);
});

it.each(['thread', 'process'] as const)(
  'what the heap of a %s could not hold is not read',
  async (placement) => {
    const loading = open(await bloatedTfjs(folder, 1_000_000), { memoryMb: 200 }, placement);
    await expect(loading).rejects.toThrow('too much to be read in a heap of 2');
  },
);
