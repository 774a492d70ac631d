import { describe, expect, it } from '@jest/globals';
import { median, percentile } from './percentile.mjs';

describe('percentile', () => {
  const hundred = Float64Array.from({ length: 100 }, (_, i) => i + 1);

  it('is the nearest rank', () => {
    expect([0, 0.5, 0.9, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([1, 50, 90, 99, 100]);
    expect(percentile(Float64Array.of(7), 0.99)).toBe(7);
  });

  it('is no number where there are no values', () => {
    expect(percentile(new Float64Array(), 0.5)).toBeNaN();
  });
});

describe('median', () => {
  it('is the middle one, or the mean of the two', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([1, 10, 2, 4])).toBe(3);
    expect(median([])).toBeNaN();
  });
});
