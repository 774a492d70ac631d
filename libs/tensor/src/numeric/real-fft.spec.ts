import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RealFft } from './real-fft.js';

/** By the definition, one sum a bin. */
function slowTransform(samples: Float64Array): number[] {
  const bins = Math.floor(samples.length / 2) + 1;
  return Array.from({ length: 2 * bins }, (_, index) => {
    const wave = index % 2 === 0 ? Math.cos : (angle: number) => -Math.sin(angle);
    // The remainder keeps the angle small, and so exact.
    const angle = (n: number) => (2 * Math.PI * ((n * (index >> 1)) % samples.length)) / samples.length;
    return samples.reduce((sum, sample, n) => sum + sample * wave(angle(n)), 0);
  });
}

describe('RealFft', () => {
  it('agrees with the definition at any length', () => {
    const signals = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 130 });
    fc.assert(
      fc.property(signals, (signal) => {
        const samples = Float64Array.from(signal);
        const fft = new RealFft(samples.length);
        const spectrum = new Float64Array(2 * fft.bins);
        fft.transform(samples, spectrum);
        slowTransform(samples).forEach((value, index) => expect(spectrum[index]).toBeCloseTo(value, 10));
      }),
    );
  });

  it.each([1, 2, 8, 64])('agrees with it at %d values, a power of two', (length) => {
    const samples = Float64Array.from({ length }, (_, step) => Math.sin(step * step) + step / 7);
    const fft = new RealFft(length);
    const spectrum = new Float64Array(2 * fft.bins);
    fft.transform(samples, spectrum);
    slowTransform(samples).forEach((value, index) => expect(spectrum[index]).toBeCloseTo(value, 9));
  });

  it.each([0, -4, 2.5, NaN])('refuses a length of %d', (length) => {
    expect(() => new RealFft(length)).toThrow(RangeError);
  });
});
