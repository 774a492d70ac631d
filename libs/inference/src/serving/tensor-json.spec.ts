import { describe, expect, it } from '@jest/globals';
import { fromTensorJson, toValues } from './tensor-json.js';

describe('fromTensorJson and toValues', () => {
  it.each(['float32', 'float64', 'int8', 'int64', 'uint16', 'bool'] as const)(
    'keep the values of %s',
    (dtype) => {
      const value = fromTensorJson({ dtype, shape: [3], data: [0, 1, 1] });
      expect(value).toMatchObject({ dtype, shape: [3] });
      expect(toValues(value)).toEqual(Float64Array.of(0, 1, 1));
    },
  );

  it('keep texts', () => {
    const value = fromTensorJson({ dtype: 'string', shape: [2], data: ['', 'é😀'] });
    expect(value).toMatchObject({ dtype: 'string', shape: [2] });
    expect(toValues(value)).toEqual(['', 'é😀']);
  });

  // IEEE 754 binary16: 1.0, -2.0, 65504 (largest), 2^-24 (smallest), infinity, not a number.
  it('decode halves', () => {
    const halves = fromTensorJson({
      dtype: 'float16',
      shape: [6],
      data: [0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00, 0x7e00],
    });
    expect(toValues(halves)).toEqual(Float64Array.of(1, -2, 65504, 2 ** -24, Infinity, NaN));
  });
});
