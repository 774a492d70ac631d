import { describe, expect, it } from '@jest/globals';
import type { TensorSpec } from '@ganglion/contracts/model-manifest';
import type { SessionTensor } from '../engine.js';
import { compareSignature } from './compare-signature.js';

const x: TensorSpec = { name: 'x', dtype: 'float32', shape: ['batch', 3] };
const y: TensorSpec = { name: 'y', dtype: 'float32', shape: ['batch'] };
const session = (inputs: SessionTensor[], outputs: SessionTensor[] = [y]) => ({ inputs, outputs });
const claimed = { inputs: [x], outputs: [y] };

describe('compareSignature', () => {
  it.each([
    ['the same', session([x])],
    ['other names of axes', session([{ ...x, shape: ['N', 3] }])],
    ['a model that takes any length', session([{ ...x, shape: ['N', 'L'] }])],
    ['a runtime that knows little', session([{ ...x, dtype: null, shape: null }])],
    ['outputs that the manifest leaves out', session([x], [y, x])],
  ])('lets %s pass', (_, actual) => {
    expect(compareSignature(claimed, actual)).toEqual([]);
  });

  it.each([
    [
      'dtype',
      session([{ ...x, dtype: 'float16' }]),
      'the input "x" is float16 [batch, 3], not float32 [batch, 3]',
    ],
    [
      'length',
      session([{ ...x, shape: ['N', 4] }]),
      'the input "x" is float32 [N, 4], not float32 [batch, 3]',
    ],
    ['rank', session([{ ...x, shape: ['N'] }]), 'the input "x" is float32 [N], not float32 [batch, 3]'],
    [
      'fixed batch',
      session([{ ...x, shape: [1, 3] }]),
      'the input "x" is float32 [1, 3], not float32 [batch, 3]',
    ],
    ['name', session([x], [{ ...y, name: 'z' }]), 'the model has no output "y", only "z"'],
    ['input that is left out', session([x, y]), 'the model takes an input "y" (float32 [batch]) as well'],
  ])('finds another %s', (_, actual, problem) => {
    expect(compareSignature(claimed, actual)).toEqual([problem]);
  });
});
