import { describe, expect, it } from '@jest/globals';
import { zeros, type Tensor } from '@ganglion/tensor';
import type { SessionTensor } from '../engine.js';
import { checkInputs } from './check-inputs.js';

const specs: SessionTensor[] = [
  { name: 'ids', dtype: 'int64', shape: ['batch', 'sequence'] },
  { name: 'mask', dtype: 'int64', shape: ['batch', 'sequence'] },
];

describe('checkInputs', () => {
  it('gives back how long the named axes are', () => {
    const inputs = { ids: zeros('int64', [2, 7]), mask: zeros('int64', [2, 7]) };
    expect(checkInputs(inputs, specs)).toEqual(
      new Map([
        ['batch', 2],
        ['sequence', 7],
      ]),
    );
  });

  it('refuses unlike lengths under one name', () => {
    const inputs = { ids: zeros('int64', [2, 7]), mask: zeros('int64', [2, 8]) };
    expect(() => checkInputs(inputs, specs)).toThrow(
      'The input "mask" must be int64 [batch, sequence], not int64 [2, 8].',
    );
  });

  it.each([
    ['fewer elements than its shape says', new BigInt64Array(13), [2, 7], 'takes 14 elements, not 13'],
    ['elements of another type', new Float64Array(14), [2, 7], 'takes a BigInt64Array'],
    ['a shape that overflows', new BigInt64Array(0), [2 ** 40, 2 ** 40], 'more elements than can be counted'],
    ['an axis of less than nothing', new BigInt64Array(2), [-1, -2], 'no whole number from 0 on'],
  ])('refuses %s', (_, data, shape, message) => {
    const ids = { dtype: 'int64', shape, data } as unknown as Tensor;
    const check = () => checkInputs({ ids }, [specs[0]!]);
    expect(check).toThrow(`The input "ids" is no tensor: `);
    expect(check).toThrow(message);
  });

  it('asks nothing that the runtime does not know', () => {
    const loose = [{ name: 'x', dtype: null, shape: null }];
    expect(checkInputs({ x: zeros('bool', [1, 2, 3]) }, loose)).toEqual(new Map());
    expect(() => checkInputs({}, loose)).toThrow('takes an input "x": any dtype of any shape');
  });
});
