import { describe, expect, it } from '@jest/globals';
import { tensor, zeros, type AnyTensor } from '@ganglion/tensor';
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '@ganglion/contracts/errors';
import type { Session, TensorMap } from '../engine.js';
import type { BatchReport } from './observer.js';
import { Runner, type RunnerModel, type RunnerOptions } from './runner.js';

const model: RunnerModel = {
  id: 'doubler',
  inputs: [{ name: 'x', dtype: 'float32', shape: ['batch', 'length'] }],
  outputs: [
    { name: 'twice', dtype: 'float32', shape: ['batch', 'length'] },
    { name: 'sum', dtype: 'float32', shape: ['batch'] },
  ],
  batching: { axis: 0, maxBatch: 8, padding: { x: { axis: 1, value: 0 } } },
};
const fixedModel: RunnerModel = { ...model, batching: { axis: 0, maxBatch: 8, padding: {} } };

/** A session that doubles its input and sums each row, and can be held, made to fail and looked at. */
class DoublerSession implements Session {
  readonly inputs = model.inputs;
  readonly outputs = model.outputs;
  readonly device = 'cpu';
  readonly shapes: (readonly number[])[] = [];
  /** Thrown by runs whose input holds a NaN. */
  error: Error = new Error('poisoned');
  isDisposed = false;
  private held: Promise<void> = Promise.resolve();

  /** Makes runs wait until the function that comes back is called. */
  hold(): () => void {
    let release = () => {};
    this.held = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  async run({ x }: TensorMap): Promise<TensorMap> {
    const [rows = 0, length = 0] = x!.shape;
    const values = Array.from(x!.data as Float32Array);
    this.shapes.push(x!.shape);
    await this.held;
    if (values.some(Number.isNaN)) throw this.error;
    const sums = Array.from({ length: rows }, (_, row) =>
      values.slice(row * length, (row + 1) * length).reduce((sum, value) => sum + value, 0),
    );
    return {
      twice: tensor(
        'float32',
        [rows, length],
        Float32Array.from(values, (value) => value * 2),
      ),
      sum: tensor('float32', [rows], Float32Array.from(sums)),
    };
  }

  async dispose(): Promise<void> {
    this.isDisposed = true;
  }
}

function start(options: RunnerOptions = {}, runnerModel: RunnerModel = model) {
  const session = new DoublerSession();
  return { session, runner: new Runner([session], runnerModel, options) };
}

const feed = (...rows: number[][]) => ({
  x: tensor('float32', [rows.length, rows[0]!.length], Float32Array.from(rows.flat())),
});
const code = (value: string) => expect.objectContaining({ code: value });
const numbers = (value: AnyTensor | undefined) => Array.from(value?.data as Float32Array);
const turn = () => sleep(5);

describe('Runner', () => {
  it('gives every request its own rows, whatever they were computed with', async () => {
    const value = fc.integer({ min: -1000, max: 1000 });
    const request = fc
      .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 4 }))
      .chain(([rows, length]) =>
        fc.array(fc.array(value, { minLength: length, maxLength: length }), {
          minLength: rows,
          maxLength: rows,
        }),
      );
    await fc.assert(
      fc.asyncProperty(
        fc.array(request, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(model, fixedModel),
        fc.integer({ min: 1, max: 3 }),
        async (requests, runnerModel, instances) => {
          const session = new DoublerSession();
          const others = Array.from({ length: instances - 1 }, () => session);
          const runner = new Runner([session, ...others], runnerModel);
          const results = await Promise.all(requests.map((rows) => runner.run(feed(...rows))));
          results.forEach(({ outputs }, index) => {
            const rows = requests[index]!;
            expect(outputs.twice?.shape).toEqual([rows.length, rows[0]!.length]);
            expect(numbers(outputs.twice)).toEqual(rows.flat().map((item) => item * 2));
            expect(numbers(outputs.sum)).toEqual(rows.map((row) => row.reduce((sum, item) => sum + item, 0)));
          });
          expect(Math.max(...session.shapes.map(([rows = 0]) => rows))).toBeLessThanOrEqual(8);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('computes what comes in one turn together, padded to the longest', async () => {
    const { runner, session } = start();
    await Promise.all([runner.run(feed([1])), runner.run(feed([1, 2, 3])), runner.run(feed([4, 5]))]);
    expect(session.shapes).toEqual([[3, 3]]);
  });

  it('keeps unlike shapes apart where no padding is declared, and each in its turn', async () => {
    const { runner, session } = start({}, fixedModel);
    await Promise.all([runner.run(feed([1])), runner.run(feed([1, 2])), runner.run(feed([3]))]);
    expect(session.shapes).toEqual([
      [2, 1],
      [1, 2],
    ]);
  });

  it('passes a request through as it is when the model has no batching', async () => {
    const { batching: _, ...single } = model;
    const { runner, session } = start({}, single);
    await Promise.all([runner.run(feed([1], [2])), runner.run(feed([3], [4]))]);
    expect(session.shapes).toEqual([
      [2, 1],
      [2, 1],
    ]);
  });

  it('lets no batch grow past its setting', async () => {
    const { runner, session } = start({ maxBatch: 2 });
    await Promise.all([1, 2, 3].map((value) => runner.run(feed([value]))));
    expect(session.shapes).toEqual([
      [2, 1],
      [1, 1],
    ]);
  });

  it.each([300, 20_000])(
    'waits up to %d µs for a batch to fill, and not when it is full',
    async (maxDelayUs) => {
      const { runner, session } = start({ maxDelayUs });
      const startedAt = performance.now();
      await runner.run(feed([1]));
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(maxDelayUs / 1_000 - 0.1);

      const long = start({ maxDelayUs: 60_000_000 });
      await Promise.all(Array.from({ length: 8 }, (_, value) => long.runner.run(feed([value]))));
      expect(long.session.shapes).toEqual([[8, 1]]);
      expect(session.shapes).toEqual([[1, 1]]);
    },
  );

  it('refuses at once what the queue does not hold', async () => {
    const { runner, session } = start({ maxQueuedRows: 4 });
    const release = session.hold();
    const first = runner.run(feed([1]));
    await turn();
    const waiting = [runner.run(feed([1], [2], [3])), runner.run(feed([4]))];
    expect(runner.load).toEqual({ queuedRows: 4, runningBatches: 1 });
    await expect(runner.run(feed([5]))).rejects.toThrow(code('overloaded'));
    await expect(runner.run(feed([5]))).rejects.toHaveProperty('retryAfterMs', 5);
    release();
    await Promise.all([first, ...waiting]);
    await runner.run(feed([6]));
  });

  it('takes a request larger than its queue when nothing waits', async () => {
    const { runner } = start({ maxQueuedRows: 2 });
    const { outputs, timings } = await runner.run(feed(...Array.from({ length: 20 }, (_, row) => [row])));
    expect(outputs.twice?.shape).toEqual([20, 1]);
    expect(timings.batchSize).toBe(8);
  });

  it('drops what nobody waits for before it is computed', async () => {
    const { runner, session } = start();
    const release = session.hold();
    const first = runner.run(feed([1]));
    await turn();
    const controller = new AbortController();
    const late = runner.run(feed([2]), { deadline: performance.now() + 10 });
    const cancelled = runner.run(feed([3], [4]), { signal: controller.signal });
    const kept = runner.run(feed([5]), { deadline: performance.now() + 60_000 });
    controller.abort();
    await expect(cancelled).rejects.toThrow(code('cancelled'));
    await expect(late).rejects.toThrow(code('deadline_exceeded'));
    expect(runner.load.queuedRows).toBe(1);
    release();
    await Promise.all([first, kept]);
    expect(session.shapes).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it('lets nobody wait past the deadline, even while the model computes', async () => {
    const { runner, session } = start();
    const release = session.hold();
    await expect(runner.run(feed([1]), { deadline: performance.now() + 10 })).rejects.toThrow(
      code('deadline_exceeded'),
    );
    release();
    await runner.drain();
  });

  it('queues nothing for a caller who is gone already', async () => {
    const { runner, session } = start();
    await expect(runner.run(feed([1]), { deadline: performance.now() })).rejects.toThrow(
      code('deadline_exceeded'),
    );
    await expect(runner.run(feed([1]), { signal: AbortSignal.abort() })).rejects.toThrow(code('cancelled'));
    await turn();
    expect(session.shapes).toEqual([]);
  });

  it('fails only the request whose rows the model refuses', async () => {
    const { runner } = start();
    const outcomes = await Promise.allSettled(
      [feed([1]), feed([NaN]), feed([3])].map((inputs) => runner.run(inputs)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('fails a whole batch at once when the model is gone', async () => {
    const { runner, session } = start();
    session.error = new ServiceError('model_unavailable', 'gone');
    const outcomes = await Promise.allSettled([feed([1]), feed([NaN])].map((inputs) => runner.run(inputs)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(session.shapes).toHaveLength(1);
  });

  it('computes no further parts of a request of which one failed', async () => {
    const { runner, session } = start({ maxBatch: 1 });
    await expect(runner.run(feed([NaN], [1], [2]))).rejects.toThrow('poisoned');
    await turn();
    expect(session.shapes).toHaveLength(1);
  });

  it.each([
    ['a name', { y: zeros('float32', [1, 1]) }, 'takes an input "x"'],
    ['a dtype', { x: zeros('int32', [1, 1]) }, 'must be float32 [batch, length], not int32 [1, 1]'],
    ['no rows', { x: zeros('float32', [0, 1]) }, 'at least one row'],
  ])('refuses %s that the model does not take, before it meets others', async (_, inputs, message) => {
    const { runner, session } = start();
    const [refused] = await Promise.allSettled([runner.run(inputs as never), runner.run(feed([1]))]);
    expect(refused).toMatchObject({ status: 'rejected', reason: code('invalid_input') });
    expect(String((refused as PromiseRejectedResult).reason)).toContain(message);
    expect(session.shapes).toEqual([[1, 1]]);
  });

  it('answers what it accepted before it closes, and nothing after', async () => {
    const { runner, session } = start({ maxDelayUs: 60_000_000 });
    const accepted = runner.run(feed([1]));
    const closing = Promise.all([runner.close(), runner.drain()]);
    await expect(runner.run(feed([2]))).rejects.toThrow(code('model_unavailable'));
    expect((await accepted).outputs.sum?.data).toEqual(Float32Array.of(1));
    await closing;
    expect(session.isDisposed).toBe(true);
  });

  it('tells its observer and its callers how long each stage took', async () => {
    const batches: BatchReport[] = [];
    const refusals: string[] = [];
    const runs: number[] = [];
    const { runner, session } = start({
      observer: {
        onBatch: (report) => batches.push(report),
        onRun: ({ batchSize }) => runs.push(batchSize),
        onRefusal: (refusal) => refusals.push(refusal),
      },
    });
    const release = session.hold();
    const both = Promise.all([runner.run(feed([1])), runner.run(feed([2], [3]))]);
    await sleep(20);
    release();
    const [{ timings }] = await both;
    await runner.run(feed([1]), { deadline: performance.now() }).catch(() => {});

    expect(timings.batchSize).toBe(3);
    expect(timings.computeMs).toBeGreaterThan(10);
    expect(timings.queueMs).toBeGreaterThanOrEqual(0);
    expect(batches).toEqual([
      { requests: 2, batchSize: 3, batchMs: timings.batchMs, computeMs: timings.computeMs },
    ]);
    expect(runs).toEqual([3, 3]);
    expect(refusals).toEqual(['deadline_exceeded']);
  });
});
