import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringTensor, type AnyTensor } from '../string-tensor.js';
import { ELEMENT_ARRAYS, elementCount, tensor, zeros, type DType } from '../tensor.js';
import { cropTo } from './crop-to.js';
import { padTo } from './pad-to.js';

/** The flat index of the element at `position`. */
const flat = (shape: readonly number[], position: readonly number[]) =>
  shape.reduce((index, length, axis) => index * length + (position[axis] ?? 0), 0);

describe('padTo', () => {
  it('keeps every element in its place and fills the rest, along any axis', () => {
    const cases = fc
      .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 })
      .chain((shape) => fc.tuple(fc.constant(shape), fc.nat({ max: shape.length - 1 }), fc.nat({ max: 3 })));
    fc.assert(
      fc.property(cases, ([shape, axis, more]) => {
        const data = Int16Array.from({ length: elementCount(shape) }, (_, index) => index + 1);
        const padded = padTo(tensor('int16', shape, data), axis, (shape[axis] ?? 0) + more, -7);
        const positions = padded.shape.reduce<number[][]>(
          (all, length) => all.flatMap((start) => Array.from({ length }, (_, index) => [...start, index])),
          [[]],
        );
        const expected = positions.map((position) =>
          (position[axis] ?? 0) < (shape[axis] ?? 0) ? data[flat(shape, position)] : -7,
        );
        expect(Array.from(padded.data)).toEqual(expected);
      }),
    );
  });

  it('gives the same tensor back when nothing is missing', () => {
    const value = zeros('float32', [2, 3]);
    expect(padTo(value, 1, 3)).toBe(value);
  });

  it('pads int64 and tensors without elements', () => {
    expect(padTo(tensor('int64', [1, 1], BigInt64Array.of(5n)), 1, 3, 1).data).toEqual(
      BigInt64Array.of(5n, 1n, 1n),
    );
    expect(padTo(zeros('float32', [0, 2]), 1, 4).shape).toEqual([0, 4]);
    expect(Array.from(padTo(zeros('uint8', [2, 0]), 1, 1, 9).data)).toEqual([9, 9]);
  });

  it('pads texts with texts, along any axis', () => {
    const value = stringTensor([2, 2], ['a', 'é', '😀', '']);
    expect(padTo(value, 1, 3)).toEqual(stringTensor([2, 3], ['a', 'é', '', '😀', '', '']));
    expect(padTo(value, 0, 3, '-')).toEqual(stringTensor([3, 2], ['a', 'é', '😀', '', '-', '-']));
    expect(padTo(stringTensor([0, 1], []), 1, 2)).toEqual(stringTensor([0, 2], []));
    expect(padTo(stringTensor([1, 0], []), 1, 2, 'b')).toEqual(stringTensor([1, 2], ['b', 'b']));
  });

  it.each(Object.keys(ELEMENT_ARRAYS) as DType[])('and cropTo are each other in reverse for %s', (dtype) => {
    const value = zeros(dtype, [2, 2]);
    value.data[3] = (dtype === 'int64' ? 2n ** 62n : 1) as never;
    const padded = padTo(value, 1, 4, 1);
    expect(Array.from(padded.data, Number)).toEqual([0, 0, 1, 1, 0, Number(value.data[3]), 1, 1]);
    expect(cropTo(padded, 1, 2)).toEqual(value);
  });

  it('refuses to pad with what the dtype does not hold', () => {
    const mismatch = expect.objectContaining({ code: 'dtype_mismatch' });
    expect(() => padTo<AnyTensor>(stringTensor([1], ['a']), 0, 2, 1)).toThrow(mismatch);
    expect(() => padTo<AnyTensor>(zeros('int8', [1]), 0, 2, 'a')).toThrow(mismatch);
  });

  it.each([
    [1, 2],
    [2, 4],
    [-1, 4],
    [1, 3.5],
  ])('refuses axis %d of [2, 3] to %d', (axis, length) => {
    expect(() => padTo(zeros('float32', [2, 3]), axis, length)).toThrow(
      expect.objectContaining({ code: 'out_of_range' }),
    );
  });
});
