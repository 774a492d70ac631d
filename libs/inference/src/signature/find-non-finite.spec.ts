import { describe, expect, it } from '@jest/globals';
import { tensor, zeros, type Tensor } from '@ganglion/tensor';
import { findNonFinite } from './find-non-finite.js';

const floats = (...values: number[]) => tensor('float32', [values.length], Float32Array.from(values));
const halves = (...bits: number[]) => tensor('float16', [bits.length], Uint16Array.from(bits));

describe('findNonFinite', () => {
  it.each<[string, Tensor, number]>([
    ['nothing', floats(), -1],
    ['numbers, the largest and the negative zero among them', floats(1, -0, 3.4e38, -3.4e38, 1e-45), -1],
    ['NaN', floats(1, NaN, 2), 1],
    ['an infinity', floats(-Infinity), 0],
    ['infinities that would cancel', floats(1, Infinity, -Infinity), 1],
    ['doubles', tensor('float64', [2], Float64Array.of(1e308, Infinity)), 1],
    ['halves', halves(0x3c00, 0x7bff, 0xfbff), -1],
    ['an infinite half', halves(0, 0xfc00), 1],
    ['half a NaN', halves(0x7e00), 0],
    ['whole numbers', zeros('int64', [3]), -1],
  ])('looks at %s', (_, value, index) => {
    expect(findNonFinite(value)).toBe(index);
  });
});
