import type { OutputOf } from '@ganglion/contracts/capability';
import type { forecast } from '@ganglion/contracts/services/forecasting/forecast';
import {
  fillGaps,
  forecastSeasonalNaive,
  intervalCoverage,
  meanAbsoluteScaledError,
} from '@ganglion/tensor/series';
import { BLOCK } from './fracast-input.js';
import type { StepForecast } from './intervals.js';

type Backtest = NonNullable<OutputOf<typeof forecast>['backtest']>;

const MOST_WINDOWS = 4;

/** The windows at the end of a series that are forecast as if they were not known. */
export interface BacktestPlan {
  /** Index of the first step of each window, in order. */
  readonly origins: readonly number[];
  readonly steps: number;
}

/**
 * As many windows as fit into the second half of the series, at most four and each at most a block; none where the
 * first half holds too few known values.
 *
 * @param values NaN where not known.
 */
export function planBacktest(
  values: Float64Array,
  { horizon, season, leastKnown }: { horizon: number; season: number; leastKnown: number },
): BacktestPlan {
  const steps = Math.min(horizon, BLOCK, Math.floor(values.length / 4));
  const windows = Math.min(MOST_WINDOWS, Math.floor(values.length / 2 / Math.max(1, steps)));
  const origins = Array.from({ length: windows }, (_, window) => values.length - (windows - window) * steps);
  const isUseful = (origin: number) =>
    origin > season &&
    countKnown(values.subarray(0, origin)) >= leastKnown &&
    countKnown(values.subarray(origin, origin + steps)) > 0;
  return { steps, origins: steps === 0 ? [] : origins.filter(isUseful) };
}

/**
 * How the model and its rival did in the windows.
 *
 * @param forecasts The model's, for each window.
 */
export function summariseBacktest(
  values: Float64Array,
  { origins, steps }: BacktestPlan,
  { forecasts, season }: { forecasts: readonly (readonly StepForecast[])[]; season: number },
): Backtest | null {
  const first = origins[0];
  if (first === undefined) return null;
  const history = fillGaps(values.subarray(0, first)).values;
  const rows = origins.flatMap((origin, window) => {
    const naive = forecastSeasonalNaive(fillGaps(values.subarray(0, origin)).values, steps, season);
    return Array.from({ length: steps }, (_, step) => ({
      actual: values[origin + step] as number,
      naive: naive[step] as number,
      ...(forecasts[window]?.[step] as StepForecast),
    })).filter(({ actual }) => !Number.isNaN(actual));
  });
  const actual = rows.map((row) => row.actual);
  const errorsOf = (forecast: readonly number[]) => ({
    meanAbsoluteError: meanOf(actual.map((value, index) => Math.abs(value - (forecast[index] as number)))),
    mase: meanAbsoluteScaledError(actual, forecast, history, season) ?? null,
  });
  const coverageOf = (interval: 'interval80' | 'interval95') =>
    intervalCoverage(
      actual,
      rows.map((row) => row[interval].lower),
      rows.map((row) => row[interval].upper),
    );
  const model = errorsOf(rows.map(({ median }) => median));
  const seasonalNaive = errorsOf(rows.map(({ naive }) => naive));
  return {
    windows: origins.length,
    steps,
    model,
    seasonalNaive,
    covered80: coverageOf('interval80'),
    covered95: coverageOf('interval95'),
    ...judge(model.meanAbsoluteError, seasonalNaive.meanAbsoluteError, rows.length),
  };
}

function judge(model: number, rival: number, count: number): Pick<Backtest, 'better' | 'reason'> {
  const where = `Over the last ${count} known values of the series, forecast from what was before them,`;
  const [left, right] = [model, rival].map((error) => Number(error.toPrecision(3)));
  if (model === rival) return { better: 'equal', reason: `${where} both were off by ${left} on average.` };
  const better = model < rival ? 'model' : 'seasonal-naive';
  const trust = better === 'model' ? 'the model' : 'the seasonal-naive forecast';
  return {
    better,
    reason: `${where} the model was off by ${left} on average, the seasonal-naive forecast by ${right}: trust ${trust}.`,
  };
}

function countKnown(values: Float64Array): number {
  return values.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
