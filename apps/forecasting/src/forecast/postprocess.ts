import type { OutputOf } from '@ganglion/contracts/capability';
import type { forecast } from '@ganglion/contracts/services/forecasting/forecast';
import { forecastSeasonalNaive } from '@ganglion/tensor/series';
import { summariseBacktest } from './backtest.js';
import { toIntervals, type IntervalFactors } from './intervals.js';
import type { QuantileForecast } from './predict-quantiles.js';
import type { PreparedSeries } from './preprocess.js';

/** What the model said. */
export interface Predicted {
  readonly quantiles: QuantileForecast;
  /** Of each window of the backtest; what is beyond its steps is not looked at. */
  readonly windows: readonly QuantileForecast[];
  readonly intervals: IntervalFactors;
}

/** Quantiles to an answer. */
export function postprocess(
  { horizon, series, filled, season, plan }: PreparedSeries,
  { quantiles, windows, intervals }: Predicted,
): OutputOf<typeof forecast> {
  const naive = forecastSeasonalNaive(filled, horizon, season.steps);
  return {
    points: toIntervals(quantiles, intervals).map((forecast, index) => ({
      step: index + 1,
      time: series.timeOf(series.values.length + index),
      ...forecast,
      seasonalNaive: naive[index] as number,
    })),
    frequency: series.frequency,
    season,
    backtest: summariseBacktest(series.values, plan, {
      forecasts: windows.map((window) => toIntervals(window, intervals)),
      season: season.steps,
    }),
  };
}
