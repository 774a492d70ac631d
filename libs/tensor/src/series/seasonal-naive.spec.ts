import { describe, expect, it } from '@jest/globals';
import { forecastSeasonalNaive } from './seasonal-naive.js';

describe('forecastSeasonalNaive', () => {
  it('repeats the last season beyond its end', () => {
    expect([...forecastSeasonalNaive([9, 1, 2, 3], 7, 3)]).toEqual([1, 2, 3, 1, 2, 3, 1]);
  });

  it('repeats the last value without a season', () => {
    expect([...forecastSeasonalNaive([9, 1], 2, 1)]).toEqual([1, 1]);
  });

  it('refuses a season longer than the series', () => {
    expect(() => forecastSeasonalNaive([1, 2], 1, 3)).toThrow(RangeError);
    expect(() => forecastSeasonalNaive([1, 2], 1, 0)).toThrow(RangeError);
  });
});
