import { describe, expect, it } from '@jest/globals';
import { tensor } from '@ganglion/tensor';
import { tinyProbe } from '../../test/tiny-app.js';
import type { Session } from '../engine.js';
import { runProbe } from './run-probe.js';

/** A session that is off by 0.01, as a device that rounds to 10 bits would be. */
function sessionOn(device: string): Session {
  const data = Float32Array.from(tinyProbe.outputs.y.data, (value) => value + 0.01);
  return {
    device,
    inputs: [],
    outputs: [],
    run: async () => ({ y: tensor('float32', [1, 3], data.slice()) }),
    dispose: async () => undefined,
  } as unknown as Session;
}

describe('runProbe', () => {
  const probe = { ...tinyProbe, inputs: () => ({}) };
  const strict = { absolute: 1e-6, relative: 0 };
  const wide = { absolute: 0.02, relative: 0 };

  it.each([
    ['cuda:0', { ...strict, cuda: wide }, 0],
    ['cuda:1', { ...strict, cuda: wide }, 0],
    ['cuda:0', strict, 1],
    ['cuda:0', { ...wide, cuda: strict }, 1],
    ['cpu', { ...strict, cuda: wide }, 1],
    ['wasm', { ...strict, cuda: wide }, 1],
    ['cpu', wide, 0],
  ])('holds %s to %j', async (device, tolerance, problems) => {
    expect(await runProbe(sessionOn(device), { ...probe, tolerance })).toHaveLength(problems);
  });

  it('looks at some elements where the probe names some, and says which differs', async () => {
    const [first = 0, , third = 0] = tinyProbe.outputs.y.data;
    const expecting = (at: number[], data: number[]) => ({
      ...probe,
      tolerance: wide,
      outputs: { y: { dtype: 'float32' as const, shape: [1, 3], at, data } },
    });
    expect(await runProbe(sessionOn('cpu'), expecting([2, 0], [third, first]))).toEqual([]);
    expect(await runProbe(sessionOn('cpu'), expecting([2], [first]))).toEqual([
      expect.stringMatching(/^probe "one row": "y" is [\d.-]+ at 2, expected [\d.-]+ \(/),
    ]);
  });
});
