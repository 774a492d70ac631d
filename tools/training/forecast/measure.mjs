import {
  forecastSeasonalNaive,
  intervalCoverage,
  meanAbsoluteScaledError,
  symmetricPercentageError,
} from '@ganglion/tensor/series';
import { loadPart } from './open-model.mjs';

/** @typedef {import('./open-model.mjs').QuantileForecast} QuantileForecast */
/** @typedef {import('./read-data.mjs').Task} Task */
/** @typedef {{ median: number, interval80: Interval, interval95: Interval }} StepForecast */
/** @typedef {{ lower: number, upper: number }} Interval */
/** @typedef {{ 80: number[], 95: number[] }} IntervalFactors */
/** What the service would answer, without its transport. @typedef {{ task: Task, quantiles: QuantileForecast, advice: string }} Answer */

const [{ toIntervals }, { findSeason }] = await Promise.all(['intervals', 'find-season'].map(loadPart));

/**
 * Means over the answers. Errors are scaled by the season of the benchmark; the rival repeats the season that the
 * service finds.
 *
 * @param {readonly Answer[]} answers
 * @param {IntervalFactors} factors
 */
export function measure(answers, factors) {
  const rows = answers.map(({ task, quantiles, advice }) => {
    const { history, actual, scaleSeason, frequency } = task;
    const steps = /** @type {StepForecast[]} */ (toIntervals(quantiles, factors));
    const median = steps.map((step) => step.median);
    const naive = forecastSeasonalNaive(history, actual.length, findSeason(history, frequency).steps);
    const mase = (/** @type {ArrayLike<number>} */ forecast) =>
      meanAbsoluteScaledError(actual, forecast, history, scaleSeason) ?? Number.NaN;
    return {
      mase: mase(median),
      naiveMase: mase(naive),
      advisedMase: mase(advice === 'seasonal-naive' ? naive : median),
      smape: symmetricPercentageError(actual, median),
      naiveSmape: symmetricPercentageError(actual, naive),
      covered80: coverage(actual, steps, 'interval80'),
      covered95: coverage(actual, steps, 'interval95'),
    };
  });
  /** @typedef {keyof typeof rows[number]} Measure */
  const meanOf = (/** @type {Measure} */ name) => rows.reduce((sum, row) => sum + row[name] / rows.length, 0);
  return { count: rows.length, meanOf };
}

/**
 * @param {ArrayLike<number>} actual
 * @param {readonly StepForecast[]} steps
 * @param {'interval80' | 'interval95'} interval
 */
function coverage(actual, steps, interval) {
  return intervalCoverage(
    actual,
    steps.map((step) => step[interval].lower),
    steps.map((step) => step[interval].upper),
  );
}
