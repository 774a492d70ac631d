export { autocorrelation, autocorrelationLimit } from './autocorrelation.js';
export { detectSeason } from './detect-season.js';
export { fillGaps, findGaps, type FilledSeries, type Gap } from './fill-gaps.js';
export {
  intervalCoverage,
  meanAbsoluteScaledError,
  pinballLoss,
  symmetricPercentageError,
} from './forecast-error.js';
export {
  keptDayOfMonth,
  nearestStep,
  seasonCandidates,
  timeOfStep,
  type Frequency,
  type Grid,
} from './frequency.js';
export { inferFrequency } from './infer-frequency.js';
export {
  regularisePoints,
  type RegulariseOptions,
  type RegularSeries,
  type SeriesPoint,
} from './regularise-points.js';
export { removeTrend } from './remove-trend.js';
export { forecastSeasonalNaive } from './seasonal-naive.js';
export { SeriesError, type SeriesErrorCode } from './series-error.js';
export { periodogram, significantPeriods } from './significant-periods.js';
