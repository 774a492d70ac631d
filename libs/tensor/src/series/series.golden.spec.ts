import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { autocorrelation, autocorrelationLimit } from './autocorrelation.js';
import { fillGaps } from './fill-gaps.js';
import {
  intervalCoverage,
  meanAbsoluteScaledError,
  pinballLoss,
  symmetricPercentageError,
} from './forecast-error.js';
import { removeTrend } from './remove-trend.js';
import { forecastSeasonalNaive } from './seasonal-naive.js';
import { periodogram } from './significant-periods.js';

interface Golden {
  readonly reference: string;
  readonly tolerance: number;
  readonly gaps: { readonly values: readonly (number | null)[]; readonly filled: readonly number[] };
  readonly trend: { readonly values: readonly number[]; readonly remainder: readonly number[] };
  readonly autocorrelation: readonly {
    readonly values: readonly number[];
    readonly correlations: readonly number[];
    readonly limits: readonly number[];
  }[];
  readonly periodogram: { readonly values: readonly number[]; readonly shares: readonly number[] };
  readonly errors: Errors;
}

type ErrorSeries = 'history' | 'actual' | 'forecast' | 'lower' | 'upper' | 'seasonalNaive';

interface Errors extends Readonly<Record<ErrorSeries, readonly number[]>> {
  readonly season: number;
  readonly mase: number;
  readonly smape: number;
  readonly pinball: readonly { readonly quantile: number; readonly loss: number }[];
  readonly coverage: number;
}

const golden = JSON.parse(readFileSync(new URL('golden/series.json', import.meta.url), 'utf8')) as Golden;

function expectNear(values: ArrayLike<number>, expected: readonly number[]): void {
  expect(values.length).toBe(expected.length);
  const distances = expected.map((value, index) => Math.abs((values[index] as number) - value));
  expect(Math.max(...distances)).toBeLessThan(golden.tolerance);
}

describe(`series gives the values of ${golden.reference}`, () => {
  it('fills gaps', () => {
    expectNear(fillGaps(golden.gaps.values).values, golden.gaps.filled);
  });

  it('removes the trend', () => {
    expectNear(removeTrend(golden.trend.values), golden.trend.remainder);
  });

  it.each(golden.autocorrelation)('correlates a series with itself', ({ values, correlations, limits }) => {
    const result = autocorrelation(values, correlations.length - 1);
    expectNear(result, correlations);
    const lags = limits.slice(1).map((_, index) => index + 1);
    expectNear(
      lags.map((lag) => autocorrelationLimit(result, lag, values.length)),
      limits.slice(1),
    );
  });

  it('gives the share of each frequency', () => {
    expectNear(periodogram(golden.periodogram.values), golden.periodogram.shares);
  });

  it('forecasts by the last season', () => {
    const { history, seasonalNaive, season } = golden.errors;
    expectNear(forecastSeasonalNaive(history, seasonalNaive.length, season), seasonalNaive);
  });

  it('measures a forecast', () => {
    const { history, actual, forecast, lower, upper, season, mase, smape, coverage } = golden.errors;
    expect(meanAbsoluteScaledError(actual, forecast, history, season)).toBeCloseTo(mase, 9);
    expect(symmetricPercentageError(actual, forecast)).toBeCloseTo(smape, 9);
    expect(intervalCoverage(actual, lower, upper)).toBeCloseTo(coverage, 9);
  });

  it.each(golden.errors.pinball)('measures the quantile $quantile', ({ quantile, loss }) => {
    expect(pinballLoss(golden.errors.actual, golden.errors.forecast, quantile)).toBeCloseTo(loss, 9);
  });
});
