import { describe, expect, it } from '@jest/globals';
import type { TensorSpec } from '@ganglion/contracts/model-manifest';
import { tensor, type Tensor } from '@ganglion/tensor';
import type { Session } from '../engine.js';
import { Runner } from '../runner/runner.js';
import { CheckedSession } from './checked.session.js';

const floats = (...rows: number[][]) =>
  tensor('float32', [rows.length, rows[0]?.length ?? 0], Float32Array.from(rows.flat()));
const x: TensorSpec = { name: 'x', dtype: 'float32', shape: ['batch', 2] };
const y: TensorSpec = { ...x, name: 'y' };

/** A runtime that gives what it is told to give. */
function sessionOf(compute: (x: Tensor) => Record<string, Tensor>): Session {
  return {
    inputs: [],
    outputs: [],
    device: 'cpu',
    run: async (inputs) => compute(inputs.x as Tensor),
    dispose: async () => {},
  };
}

function check(compute: (x: Tensor) => Record<string, Tensor>, change: Partial<TensorSpec> = {}) {
  return new CheckedSession(sessionOf(compute), { id: 'tiny', inputs: [x], outputs: [{ ...y, ...change }] });
}

describe('CheckedSession', () => {
  it('lets what fits through as it is', async () => {
    const outputs = { y: floats([1, 2]), other: floats([NaN]) };
    expect(await check(() => outputs).run({ x: floats([0, NaN]) })).toBe(outputs);
  });

  it.each([
    ['no such output', { z: floats([1, 2]) }, 'gave only "z"'],
    ['another dtype', { y: tensor('int32', [1, 2], new Int32Array(2)) }, 'gave int32 [1, 2]'],
    ['another rank', { y: tensor('float32', [2], new Float32Array(2)) }, 'gave float32 [2]'],
    ['another number of rows', { y: floats([1, 2], [3, 4]) }, 'gave float32 [2, 2]'],
  ])('refuses a model that gives %s', async (_, outputs, came) => {
    const run = check(() => outputs).run({ x: floats([1, 2]) });
    await expect(run).rejects.toMatchObject({ code: 'internal' });
    await expect(run).rejects.toThrow(
      `The model must give an output "y" of float32 [batch, 2], but ${came}.`,
    );
  });

  it.each([NaN, Infinity, -Infinity])('lets no %s become an answer, unless it may be one', async (value) => {
    const compute = () => ({ y: floats([1, value]) });
    const run = check(compute).run({ x: floats([1, 2]) });
    await expect(run).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(run).rejects.toThrow(
      `The model "tiny" has no answer to this input: its output "y" holds ${value} at 1.`,
    );
    expect(Object.keys(await check(compute, { finite: false }).run({ x: floats([1, 2]) }))).toEqual(['y']);
  });

  it('refuses inputs of no finite number where the manifest says so', async () => {
    const model = { id: 'tiny', inputs: [{ ...x, finite: true }], outputs: [y] };
    const session = new CheckedSession(
      sessionOf((value) => ({ y: value })),
      model,
    );
    await expect(session.run({ x: floats([1, 2], [NaN, 4]) })).rejects.toThrow(
      'The input "x" holds NaN at 2.',
    );
  });

  it('fails in a batch none but the request that has no answer', async () => {
    const session = check((value) => ({ y: value }));
    const batching = { axis: 0, maxBatch: 8, padding: {} } as const;
    const runner = new Runner([session], { id: 'tiny', inputs: [x], outputs: [y], batching });
    const results = await Promise.allSettled(
      [1, NaN, 3].map((value) => runner.run({ x: floats([value, 0]) })),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await runner.close();
  });
});
