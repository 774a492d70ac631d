import { describe, expect, it } from '@jest/globals';
import { fourierTransform } from './fourier-transform.js';

describe('fourierTransform', () => {
  it.each([1, 2, 8, 64])('is the sum over the definition for %d values', (length) => {
    const values = Float64Array.from({ length }, (_, step) => Math.sin(step * step) + step / 7);
    const { real, imaginary } = fourierTransform(values);
    for (let frequency = 0; frequency < length; frequency += 1) {
      const angle = (step: number) => (-2 * Math.PI * frequency * step) / length;
      const sumOf = (part: (angle: number) => number) =>
        values.reduce((sum, value, step) => sum + value * part(angle(step)), 0);
      expect(real[frequency]).toBeCloseTo(sumOf(Math.cos), 9);
      expect(imaginary[frequency]).toBeCloseTo(sumOf(Math.sin), 9);
    }
  });

  it('refuses a length that is no power of two', () => {
    expect(() => fourierTransform(new Float64Array(12))).toThrow(RangeError);
    expect(() => fourierTransform(new Float64Array(0))).toThrow(RangeError);
  });
});
