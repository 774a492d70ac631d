import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { tensor, zeros } from '@ganglion/tensor';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { describeEngine } from '../../test/engine-conformance.js';
import { expectedOutput, tinyOnnx, tinyTfjsGraph } from '../../test/tiny-models.js';
import type { EngineModel } from '../engine.js';
import { openSession } from './open-session.js';
import { SessionWorker } from './session-worker.js';
import { ThreadSession } from './thread.session.js';

// A thread that loads TensorFlow.js takes a second to start where others compute as well.
jest.setTimeout(30_000);

const settings = { device: { provider: 'cpu', index: 0 }, intraOpThreads: 1 } as const;
const feed = () => ({ x: tensor('float32', [1, 2], Float32Array.of(1, 2)) });

describeEngine(
  'onnx in a thread',
  (model) => openSession(model, { placement: 'thread', settings }),
  tinyOnnx,
);
describeEngine(
  'tfjs in a thread',
  (model) => openSession(model, { placement: 'thread', settings }),
  tinyTfjsGraph,
);

describe('ThreadSession', () => {
  let folder: string;
  let model: EngineModel;
  const workers: SessionWorker[] = [];
  const lines: string[] = [];
  const startWorker: typeof SessionWorker.start = async (...args) => {
    const worker = await SessionWorker.start(...args);
    workers.push(worker);
    return worker;
  };
  const load = () => ThreadSession.load(model, settings, { log: (line) => lines.push(line), startWorker });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ganglion-thread-'));
    model = await tinyOnnx(folder);
  });
  afterEach(async () => {
    workers.length = 0;
    lines.length = 0;
    await rm(folder, { recursive: true });
  });

  async function untilItRuns(session: ThreadSession): Promise<unknown> {
    for (;;) {
      try {
        return (await session.run(feed())).y?.data;
      } catch {
        await sleep(20);
      }
    }
  }

  it('takes the buffers of its inputs, and leaves those of which it got a part', async () => {
    const session = await load();
    const whole = feed();
    await session.run(whole);
    expect(whole.x.data).toHaveLength(0);

    const large = zeros('float32', [4, 2]);
    await session.run({ x: { ...large, shape: [1, 2], data: large.data.subarray(2, 4) } });
    expect(large.data).toHaveLength(8);
    await session.dispose();
  });

  it('fails what is under way when its thread dies, and loads the model again', async () => {
    // Of TensorFlow.js: a thread that dies while ONNX Runtime computes takes the process with it.
    model = await tinyTfjsGraph(folder);
    const session = await load();
    const large = () => ({ x: zeros('float32', [400_000, 2]) });
    const underWay = Promise.allSettled(Array.from({ length: 5 }, () => session.run(large())));
    await workers[0]?.terminate();
    const gone = expect.objectContaining({ code: 'model_unavailable', retryAfterMs: 1_000 });
    expect((await underWay).at(-1)).toEqual({ status: 'rejected', reason: gone });
    await expect(session.run(feed())).rejects.toEqual(gone);

    expect(await untilItRuns(session)).toEqual(Float32Array.from(expectedOutput([[1, 2]])));
    expect(lines).toEqual([
      'The thread of the model tiny-tfjs died.',
      'The model tiny-tfjs is loaded again.',
    ]);
    await session.dispose();
  });

  it('outlives an uncaught error of its thread', async () => {
    const session = await load();
    // Nothing that the protocol knows: the thread fails over it.
    (workers[0] as unknown as { worker: Worker }).worker.postMessage(undefined);
    await workers[0]?.ended;
    await untilItRuns(session);
    expect(workers).toHaveLength(2);
    await session.dispose();
  });

  it('answers what is under way before it is disposed', async () => {
    const session = await load();
    const underWay = Array.from({ length: 5 }, () => session.run({ x: zeros('float32', [100_000, 2]) }));
    await session.dispose();
    expect((await Promise.all(underWay)).map(({ y }) => y?.shape)).toEqual(Array(5).fill([100_000, 3]));
  });

  it('goes on trying while the model can not be loaded', async () => {
    const session = await load();
    const { location } = model.files[1]!;
    await rename(location, `${location}.away`);
    await workers[0]?.terminate();
    while (lines.length < 2) await sleep(20);
    expect(lines[1]).toContain('could not be loaded again: ServiceError: The model file "weights.bin"');
    await rename(`${location}.away`, location);
    await untilItRuns(session);
    await session.dispose();
  });

  it('ends at once when it is disposed between two attempts', async () => {
    const session = await load();
    await rm(model.files[1]!.location);
    await workers[0]?.terminate();
    while (lines.length < 3) await sleep(20);
    await session.dispose();
    await expect(session.run(feed())).rejects.toThrow('was unloaded');
  });

  it('leaves the event loop free while it computes', async () => {
    const session = await load();
    const rows = 400_000;
    const started = performance.now();
    let longestPauseMs = 0;
    let last = started;
    const timer = setInterval(() => {
      longestPauseMs = Math.max(longestPauseMs, performance.now() - last);
      last = performance.now();
    }, 1);
    await Promise.all(Array.from({ length: 20 }, () => session.run({ x: zeros('float32', [rows, 2]) })));
    clearInterval(timer);
    expect(longestPauseMs).toBeLessThan((performance.now() - started) / 2);
    await session.dispose();
  });
});
