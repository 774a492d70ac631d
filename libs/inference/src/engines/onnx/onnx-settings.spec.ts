/** That each setting of a manifest's `engineSettings` reaches ONNX Runtime, by what it does there. */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { tensor } from '@ganglion/tensor';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { elements, greedyOnnx, hungryOnnx } from '../../../test/hostile-models.js';
import { expectedOutput, row, settings, tinyOnnx } from '../../../test/tiny-models.js';
import type { EngineSettings, Session } from '../../engine.js';
import { onnxEngine } from './onnx.engine.js';

jest.setTimeout(60_000);

let folder: string;
const sessions: Session[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-settings-'));
});
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.dispose()));
  await rm(folder, { recursive: true });
});

async function open(write: (folder: string) => ReturnType<typeof tinyOnnx>, change: Partial<EngineSettings>) {
  const session = await onnxEngine.load(await write(folder), { ...settings, ...change });
  sessions.push(session);
  return session;
}

const ofLinux = process.platform === 'linux' ? describe : describe.skip;

describe('engineSettings', () => {
  it.each<Partial<EngineSettings>>([
    { graphOptimization: 'disabled' },
    { graphOptimization: 'basic' },
    { graphOptimization: 'extended' },
    { graphOptimization: 'all' },
    { memoryArena: false },
    { memoryPattern: false },
    { interOpThreads: 2 },
    { intraOpThreads: 0 },
  ])('%j changes no answer', async (change) => {
    const { y } = await (await open(tinyOnnx, change)).run(row(1, 2));
    expect(Array.from(y?.data as Float32Array)).toEqual(expectedOutput([[1, 2]]));
  });

  it('graphOptimization: constants are folded at load, or computed by each run', async () => {
    const shortestRun = async (graphOptimization: 'disabled' | 'all') => {
      const session = await open((to) => greedyOnnx(to, 2e7), { graphOptimization });
      const durations: number[] = [];
      for (let round = 0; round < 3; round += 1) {
        const startedAt = performance.now();
        await session.run({ x: tensor('float32', [1], new Float32Array(1)) });
        durations.push(performance.now() - startedAt);
      }
      return Math.min(...durations);
    };
    const folded = await shortestRun('all');
    expect(await shortestRun('disabled')).toBeGreaterThan(10 * folded);
  });

  it('names the setting that ONNX Runtime does not take', async () => {
    await expect(open(tinyOnnx, { graphOptimization: 'most' as 'all' })).rejects.toThrow(
      "'graphOptimizationLevel' is not supported: most",
    );
  });
});

ofLinux('engineSettings, seen from outside', () => {
  it.each([
    [{ intraOpThreads: 1, interOpThreads: 1 }, 0],
    [{ intraOpThreads: 4, interOpThreads: 1 }, 3],
    [{ intraOpThreads: 1, interOpThreads: 3 }, 2],
  ])('%j starts %i threads beside the caller', async (change, count) => {
    // What Node starts threads for by itself is started before.
    await open(tinyOnnx, {});
    const before = readdirSync('/proc/self/task').length;
    await open(tinyOnnx, change);
    expect(readdirSync('/proc/self/task').length - before).toBe(count);
  });

  it.each([
    [true, 'is kept for the next run'],
    [false, 'is given back'],
  ])('memoryArena %s: what a run took %s', async (memoryArena) => {
    const count = 5e7;
    const session = await open(hungryOnnx, { memoryArena });
    const before = process.memoryUsage.rss();
    await session.run(elements(count));
    const isKept = process.memoryUsage.rss() - before > 2 * count;
    expect(isKept).toBe(memoryArena);
  });
});
