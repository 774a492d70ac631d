import type { OutputOf } from '@ganglion/contracts/capability';
import type { forecast } from '@ganglion/contracts/services/forecasting/forecast';
import {
  detectSeason,
  removeTrend,
  seasonCandidates,
  significantPeriods,
  type Frequency,
} from '@ganglion/tensor/series';

type Season = OutputOf<typeof forecast>['season'];

/** A season is looked for in so many of the last steps: enough for three weeks of five minutes. */
const MOST_STEPS = 8_192;
const MOST_PERIODS = 4;
/** Seasons that series are known for, whatever their step: quarters, days, months, hours, weeks, … */
const USUAL_SEASONS = [4, 7, 12, 24, 52, 96, 168, 365];
/** A period of the periodogram is rounded: this near to a usual season it is taken for it. */
const NEAR = 0.03;

/**
 * The season of a series: what its frequency is known for, or where there is none, what its periodogram shows, if the
 * autocorrelation agrees.
 *
 * @param values Without gaps.
 */
export function findSeason(values: Float64Array, frequency: Frequency | null): Season {
  const recent = values.subarray(-MOST_STEPS);
  const steps = detectSeason(
    recent,
    frequency === null ? findCandidates(recent) : seasonCandidates(frequency),
  );
  return { steps, source: steps === 1 ? 'none' : 'detected' };
}

function findCandidates(values: Float64Array): number[] {
  const periods = significantPeriods(removeTrend(values), MOST_PERIODS);
  return periods.map(
    (period) => USUAL_SEASONS.find((season) => Math.abs(period - season) <= NEAR * season) ?? period,
  );
}
