import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringTensor, textsOf, type AnyTensor } from '../string-tensor.js';
import { ELEMENT_ARRAYS, elementCount, tensor, zeros, type DType, type Tensor } from '../tensor.js';
import { row, rows, splitRows, stackRows } from './rows.js';

/** Tensors `[n, …]` of one row shape, their elements all different. */
const batches = fc
  .tuple(
    fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 5 }),
    fc.array(fc.integer({ min: 1, max: 3 })),
  )
  .map(([counts, rowShape]) => {
    let next = 0;
    return counts.map((count) => {
      const shape = [count, ...rowShape];
      return tensor(
        'int32',
        shape,
        Int32Array.from({ length: elementCount(shape) }, () => next++),
      );
    });
  });

describe('stackRows and splitRows', () => {
  it('are each other in reverse', () => {
    fc.assert(
      fc.property(batches, (values) => {
        const stacked = stackRows(values);
        expect(Array.from(stacked.data)).toEqual(values.flatMap((value) => Array.from(value.data)));
        expect(
          splitRows(
            stacked,
            values.map((value) => value.shape[0] ?? 0),
          ),
        ).toEqual(values);
      }),
    );
  });

  it('splits by views of one buffer', () => {
    const stacked = zeros('float32', [5, 2]);
    const parts = splitRows(stacked, [2, 3]);
    expect(parts.map((part) => part.data.buffer)).toEqual([stacked.data.buffer, stacked.data.buffer]);
    expect(parts.map((part) => part.data.buffer === stacked.data.buffer)).toEqual([true, true]);
    expect(parts.map((part) => part.shape)).toEqual([
      [2, 2],
      [3, 2],
    ]);
  });

  it('are each other in reverse for texts', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(fc.array(fc.array(fc.tuple(text, text)), { minLength: 1 }), (parts) => {
        const values = parts.map((rows) => stringTensor([rows.length, 2], rows.flat()));
        const stacked = stackRows(values);
        expect(textsOf(stacked)).toEqual(parts.flat(2));
        const split = splitRows(
          stacked,
          parts.map(({ length }) => length),
        );
        expect(split).toEqual(values);
        expect(split.every(({ data }) => data.buffer === stacked.data.buffer)).toBe(true);
      }),
    );
  });

  it.each(Object.keys(ELEMENT_ARRAYS) as DType[])('are each other in reverse for %s', (dtype) => {
    const one = zeros(dtype, [1, 2]);
    one.data[1] = (dtype === 'int64' ? 2n ** 62n : 1) as never;
    const parts = [zeros(dtype, [2, 2]), one];
    const stacked = stackRows(parts);
    expect(stacked).toMatchObject({ dtype, shape: [3, 2] });
    expect(stacked.data[5]).toBe(one.data[1]);
    expect(splitRows(stacked, [2, 1])).toEqual(parts);
  });

  it('refuses what does not fit together', () => {
    const mismatch = expect.objectContaining({ code: 'shape_mismatch' });
    expect(() => stackRows([])).toThrow(mismatch);
    expect(() => stackRows([zeros('float32', [])])).toThrow(mismatch);
    expect(() => stackRows([zeros('float32', [1, 2]), zeros('float32', [1, 3])])).toThrow(mismatch);
    expect(() => stackRows<Tensor>([zeros('float32', [1]), zeros('int32', [1])])).toThrow(
      expect.objectContaining({ code: 'dtype_mismatch' }),
    );
    expect(() => stackRows<AnyTensor>([zeros('uint8', [1]), stringTensor([1], ['a'])])).toThrow(
      expect.objectContaining({ code: 'dtype_mismatch' }),
    );
    expect(() => splitRows(zeros('float32', [4]), [1, 2])).toThrow(mismatch);
  });
});

describe('row and rows', () => {
  const value = tensor('float32', [3, 2], Float32Array.of(1, 2, 3, 4, 5, 6));

  it('view the same buffer', () => {
    const middle = row(value, 1);
    expect(middle.shape).toEqual([2]);
    expect(Array.from(middle.data)).toEqual([3, 4]);
    expect(middle.data.buffer).toBe(value.data.buffer);
    expect(rows(value, 1, 3).shape).toEqual([2, 2]);
    expect(rows(value, 3, 3).shape).toEqual([0, 2]);
  });

  it.each([
    [-1, 1],
    [0, 4],
    [2, 1],
    [0.5, 1],
  ])('refuse rows %d..%d of three', (from, to) => {
    expect(() => rows(value, from, to)).toThrow(expect.objectContaining({ code: 'out_of_range' }));
  });

  it('refuse a scalar', () => {
    expect(() => row(zeros('int8', []), 0)).toThrow(expect.objectContaining({ code: 'out_of_range' }));
  });
});
