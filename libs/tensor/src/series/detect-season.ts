import { autocorrelation, autocorrelationLimit } from './autocorrelation.js';
import { removeTrend } from './remove-trend.js';

/** A season is believed when the series holds it this many times, as in the M4 competition. */
const LEAST_CYCLES = 3;
/** Below this share of the largest value, what a line leaves is rounding. */
const ROUNDING = 1e-9;
/** The autocorrelation of a longer season must be this much above that of a shorter one, whose multiple it may be. */
const CLEARLY_MORE = 0.02;

/**
 * Length of the season that a series shows, among the candidates; 1 when it shows none.
 *
 * A season is shown by an autocorrelation at its lag that rises out of those of shorter lags by more than chance would
 * have it; the line through the series is taken off first.
 *
 * @param values Without gaps.
 * @param candidates Steps, each above 1.
 */
export function detectSeason(values: ArrayLike<number>, candidates: readonly number[]): number {
  const possible = candidates.filter((season) => season > 1 && season * LEAST_CYCLES <= values.length);
  const remainder = removeTrend(toUnitScale(values));
  if (possible.length === 0 || remainder.every((value) => Math.abs(value) < ROUNDING)) return 1;
  const correlations = autocorrelation(remainder, Math.max(...possible));
  // Later lags have fewer products: without this, three cycles would show no season, and a longer one would lose.
  const strengths = correlations.map((value, lag) => (value * values.length) / (values.length - lag));
  let season = 1;
  for (const candidate of possible.sort((left, right) => left - right)) {
    const strength = strengths[candidate] as number;
    const trough = Math.max(0, Math.min(...strengths.subarray(1, candidate)));
    if (strength - trough <= autocorrelationLimit(correlations, candidate, values.length)) continue;
    if (season === 1 || strength > (strengths[season] as number) + CLEARLY_MORE) season = candidate;
  }
  return season;
}

/** Squares of values near the largest number would be infinite. */
function toUnitScale(values: ArrayLike<number>): Float64Array {
  const result = Float64Array.from(values);
  const largest = result.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest === 0 ? result : result.map((value) => value / largest);
}
