import { describe, expect, it } from '@jest/globals';
import { planBacktest, summariseBacktest } from './backtest.js';
import type { StepForecast } from './intervals.js';

const plan = (values: Float64Array, horizon: number, season = 1) =>
  planBacktest(values, { horizon, season, leastKnown: 8 });

const rising = (count: number) => Float64Array.from({ length: count }, (_, step) => step);

/** A forecast with intervals of one and two to each side. */
const around = (median: number): StepForecast => ({
  median,
  interval80: { lower: median - 1, upper: median + 1 },
  interval95: { lower: median - 2, upper: median + 2 },
});

describe('planBacktest', () => {
  it.each([
    [1_000, 24, { steps: 24, origins: [904, 928, 952, 976] }],
    [1_000, 192, { steps: 48, origins: [808, 856, 904, 952] }],
    [100, 48, { steps: 25, origins: [50, 75] }],
    [17, 3, { steps: 3, origins: [11, 14] }],
    [10, 5, { steps: 2, origins: [8] }],
    [8, 5, { steps: 2, origins: [] }],
  ])('takes windows of %d values for %d steps', (count, horizon, expected) => {
    expect(plan(rising(count), horizon)).toEqual(expected);
  });

  it('takes no window before which the rival has no season, or that is not known', () => {
    expect(plan(rising(40), 5, 26).origins).toEqual([30, 35]);
    expect(plan(rising(40).fill(Number.NaN, 30), 5).origins).toEqual([20, 25]);
    expect(plan(rising(40).fill(Number.NaN, 0, 25), 5).origins).toEqual([35]);
  });
});

describe('summariseBacktest', () => {
  it('measures both forecasts against what came', () => {
    const values = rising(20);
    const windows = { steps: 2, origins: [16, 18] };
    const forecasts = [
      [around(16), around(17)],
      [around(18), around(20.5)],
    ];
    const summary = summariseBacktest(values, windows, { forecasts, season: 1 });
    expect(summary).toMatchObject({
      windows: 2,
      steps: 2,
      model: { meanAbsoluteError: 0.375, mase: 0.375 },
      seasonalNaive: { meanAbsoluteError: 1.5, mase: 1.5 },
      covered80: 0.75,
      covered95: 1,
      better: 'model',
    });
    expect(summary?.reason).toBe(
      'Over the last 4 known values of the series, forecast from what was before them, the model was off by 0.375 on ' +
        'average, the seasonal-naive forecast by 1.5: trust the model.',
    );
  });

  it('leaves out what is not known, and says when the rival is better', () => {
    const values = Float64Array.of(5, 5, 5, 5, 5, 5, 5, 5, Number.NaN, 5);
    const forecasts = [[around(0), around(8)]];
    const summary = summariseBacktest(values, { steps: 2, origins: [8] }, { forecasts, season: 1 });
    expect(summary).toMatchObject({
      model: { meanAbsoluteError: 3, mase: null },
      seasonalNaive: { meanAbsoluteError: 0, mase: null },
      covered95: 0,
      better: 'seasonal-naive',
    });
  });

  it('says when both are equally good', () => {
    const forecasts = [[around(5)]];
    const values = new Float64Array(9).fill(5);
    expect(summariseBacktest(values, { steps: 1, origins: [8] }, { forecasts, season: 1 })?.better).toBe(
      'equal',
    );
  });

  it('is none without windows', () => {
    expect(summariseBacktest(rising(9), { steps: 2, origins: [] }, { forecasts: [], season: 1 })).toBeNull();
  });
});
