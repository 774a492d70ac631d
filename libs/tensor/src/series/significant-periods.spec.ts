import { describe, expect, it } from '@jest/globals';
import { periodogram, significantPeriods } from './significant-periods.js';

function waves(count: number, ...periods: number[]): number[] {
  return Array.from({ length: count }, (_, step) =>
    periods.reduce((sum, period, index) => sum + Math.sin((2 * Math.PI * step) / period) / (index + 1), 0),
  );
}

describe('significantPeriods', () => {
  it('finds the periods, the strongest first', () => {
    expect(significantPeriods(waves(2_016, 24, 168), 2)).toEqual([24, 171]);
    expect(significantPeriods(waves(2_048, 8, 64, 16), 4)).toEqual([8, 64, 16]);
  });

  it('gives no more than it is asked for', () => {
    expect(significantPeriods(waves(2_048, 8, 64, 16), 1)).toEqual([8]);
  });

  it.each([[[]], [[1]], [[1, 2]], [Array.from({ length: 100 }, () => 0.1)]])('finds none in %j', (values) => {
    expect(significantPeriods(values, 4)).toEqual([]);
  });
});

describe('periodogram', () => {
  it('gives the shares of the frequencies', () => {
    const shares = periodogram(waves(64, 16));
    expect(shares.length).toBe(32);
    expect(shares[3]).toBeCloseTo(1, 9);
  });
});
