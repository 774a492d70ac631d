import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Resampler } from './resampler.js';

const noise = Float32Array.from({ length: 2_000 }, (_, n) => Math.sin(n * n * 0.37));

function resample(pieces: readonly Float32Array[], fromHz: number): number[] {
  const resampler = new Resampler(fromHz, 16_000);
  return [...pieces.flatMap((piece) => [...resampler.push(piece)]), ...resampler.finish()];
}

describe('Resampler', () => {
  it('gives the same however the signal is cut', () => {
    const rates = fc.constantFrom(8_000, 11_025, 22_050, 48_000, 96_000);
    const cuts = fc.array(fc.nat({ max: noise.length }), { maxLength: 6 });
    fc.assert(
      fc.property(rates, cuts, (fromHz, places) => {
        const edges = [0, ...places.sort((a, b) => a - b), noise.length];
        const pieces = edges.slice(1).map((end, index) => noise.subarray(edges[index], end));
        // Compared as text: jest takes its time over thousands of numbers.
        expect(resample(pieces, fromHz).join()).toBe(resample([noise], fromHz).join());
      }),
      { numRuns: 30 },
    );
  });

  it('gives the signal itself when the rates are equal', () => {
    expect(resample([noise], 16_000)).toEqual([...noise]);
  });

  it('takes rates that share no divisor, and signals shorter than its filter', () => {
    expect(resample([noise.subarray(0, 10)], 191_999).length).toBe(1);
    expect(resample([Float32Array.of(1)], 8_000).length).toBe(2);
  });

  it('keeps what is below the new Nyquist frequency and removes what is above', () => {
    const tone = (hz: number) =>
      Float32Array.from({ length: 48_000 }, (_, n) => Math.sin((2 * Math.PI * hz * n) / 48_000));
    const rms = (values: number[]) =>
      Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    const middle = (values: number[]) => values.slice(1_000, -1_000);
    expect(rms(middle(resample([tone(1_000)], 48_000)))).toBeCloseTo(Math.SQRT1_2, 2);
    expect(rms(middle(resample([tone(12_000)], 48_000)))).toBeLessThan(0.001);
  });
});
