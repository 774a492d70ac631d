import { describe, expect, it } from '@jest/globals';
import { figure, median, quantile } from './figures.mjs';

describe('quantile', () => {
  it('is what numpy says', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4], 0.99)).toBeCloseTo(3.97, 12);
    expect(quantile(Float64Array.of(7), 0.9)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

it('median takes numbers in any order', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1])).toBe(2.5);
});

describe('figure', () => {
  it('judges the median, not the best round', () => {
    const atLeast = figure('a', [0.9, 1.2, 0.8], { goal: { atLeast: 0.95 } });
    expect(atLeast).toEqual({
      name: 'a',
      value: 0.9,
      unit: 'ratio',
      goal: '>= 0.95',
      ok: false,
      rounds: { min: 0.8, median: 0.9, max: 1.2, count: 3 },
    });
    expect(figure('b', [3, 1, 2], { unit: 'ms', goal: { atMost: 2 } }).ok).toBe(true);
    expect(figure('c', [1]).ok).toBeNull();
  });
});
