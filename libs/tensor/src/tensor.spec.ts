import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  bytesOf,
  bytesPerElement,
  byteLength,
  elementCount,
  ELEMENT_ARRAYS,
  expectDtype,
  reshape,
  sameShape,
  tensor,
  zeros,
  type DType,
} from './tensor.js';

const dtypes = Object.keys(ELEMENT_ARRAYS) as DType[];
const shapes = fc.array(fc.nat({ max: 6 }), { maxLength: 4 });

describe('elementCount', () => {
  it('is the product of the axes, and 1 for a scalar', () => {
    expect(elementCount([])).toBe(1);
    fc.assert(
      fc.property(
        shapes,
        (shape) => elementCount(shape) === shape.reduce((product, axis) => product * axis, 1),
      ),
    );
  });

  it.each([[[-1]], [[1.5]], [[NaN]], [[2 ** 27, 2 ** 27]], [[2 ** 40, 2 ** 40, 0]]])(
    'refuses %j',
    (shape) => {
      expect(() => elementCount(shape)).toThrow(expect.objectContaining({ code: 'invalid_shape' }));
    },
  );
});

describe('tensor', () => {
  it('holds the very data that it was made of, for every dtype and shape', () => {
    fc.assert(
      fc.property(fc.constantFrom(...dtypes), shapes, (dtype, shape) => {
        const data = zeros(dtype, shape).data;
        const value = tensor(dtype, shape, data);
        expect(value.data).toBe(data);
        expect(byteLength(value)).toBe(elementCount(shape) * bytesPerElement(dtype));
        expect(bytesOf(value).buffer).toBe(data.buffer);
      }),
    );
  });

  it('refuses data of another length or type', () => {
    const mismatch = expect.objectContaining({ code: 'data_mismatch' });
    expect(() => tensor('float32', [3], new Float32Array(2))).toThrow(mismatch);
    expect(() => tensor('float16', [2], new Float32Array(2) as never)).toThrow(mismatch);
    expect(() => reshape(zeros('int8', [2, 3]), [7])).toThrow(mismatch);
  });

  it('refuses zeros that no memory holds', () => {
    expect(() => zeros('float32', [2 ** 31])).toThrow(expect.objectContaining({ code: 'invalid_shape' }));
  });
});

describe('reshape, expectDtype, sameShape', () => {
  it('reshapes without a copy', () => {
    const value = zeros('int64', [2, 3]);
    expect(reshape(value, [3, 2]).data).toBe(value.data);
  });

  it('lets only the expected dtype pass', () => {
    const value = zeros('bool', [1]);
    expect(expectDtype(value, 'bool')).toBe(value);
    expect(() => expectDtype(value, 'uint8')).toThrow(expect.objectContaining({ code: 'dtype_mismatch' }));
  });

  it('compares shapes axis by axis', () => {
    expect(sameShape([2, 3], [2, 3])).toBe(true);
    expect(sameShape([2, 3], [2])).toBe(false);
    expect(sameShape([2, 3], [3, 2])).toBe(false);
  });
});
