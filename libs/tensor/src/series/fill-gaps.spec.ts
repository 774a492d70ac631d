import { describe, expect, it } from '@jest/globals';
import { fillGaps, findGaps } from './fill-gaps.js';

describe('findGaps', () => {
  it('finds runs of null and NaN', () => {
    expect(findGaps([null, 1, null, Number.NaN, 2, null])).toEqual([
      { from: 0, length: 1 },
      { from: 2, length: 2 },
      { from: 5, length: 1 },
    ]);
  });

  it('finds none in a full series', () => {
    expect(findGaps([0, 1])).toEqual([]);
    expect(findGaps([])).toEqual([]);
  });
});

describe('fillGaps', () => {
  it('draws a line within, and keeps the nearest value at the ends', () => {
    const { values, gaps } = fillGaps([null, 1, null, null, 4, null]);
    expect([...values].map((value) => Number(value.toFixed(12)))).toEqual([1, 1, 2, 3, 4, 4]);
    expect(gaps.length).toBe(3);
  });

  it('leaves the series it was given as it is', () => {
    const given = Float64Array.of(1, Number.NaN, 3);
    fillGaps(given);
    expect(given[1]).toBeNaN();
  });

  it('fills between the largest numbers', () => {
    expect([...fillGaps([1e308, null, -1e308]).values]).toEqual([1e308, 0, -1e308]);
  });

  it.each([[[]], [[null, null]], [[Number.NaN]]])('refuses %j, where nothing is known', (values) => {
    expect(() => fillGaps(values)).toThrow(expect.objectContaining({ code: 'no_values' }));
  });

  it('refuses an infinite value, which JSON makes of 1e999', () => {
    expect(() => fillGaps([1, Infinity])).toThrow(expect.objectContaining({ code: 'invalid_value' }));
  });
});
