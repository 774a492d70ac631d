import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { ServiceError } from '@ganglion/contracts/errors';
import { forecastErrors, type forecast } from '@ganglion/contracts/services/forecasting/forecast';
import { fillGaps } from '@ganglion/tensor/series';
import { z } from 'zod';
import { planBacktest, type BacktestPlan } from './backtest.js';
import { findSeason } from './find-season.js';
import { CONTEXT } from './fracast-input.js';
import { intervalFactors } from './intervals.js';
import { readSeries, type EvenSeries } from './read-series.js';

type Input = ParsedInputOf<typeof forecast>;

/** What the manifest's `preprocessing` holds. */
export const forecasterInput = z.strictObject({
  leastKnown: z.int().min(1).describe('Known values that the model needs to read.'),
  intervals: intervalFactors,
});

export type ForecasterInput = z.output<typeof forecasterInput>;

export interface PreparedSeries {
  readonly horizon: number;
  readonly series: EvenSeries;
  /** Without gaps. */
  readonly filled: Float64Array;
  readonly season: OutputOf<typeof forecast>['season'];
  readonly plan: BacktestPlan;
}

/**
 * A request to a series that can be forecast.
 *
 * @throws ServiceError `forecasting.too_few_values`, and as {@link readSeries}.
 */
export function preprocess(input: Input, { leastKnown }: ForecasterInput): PreparedSeries {
  const series = readSeries(input);
  const { values, frequency } = series;
  checkKnown(values, leastKnown);
  const filled = fillGaps(values).values;
  if (input.season !== undefined && input.season > values.length) {
    const detail = `The series has ${values.length} steps, less than one season: say a shorter one, or 1 for none.`;
    throw new ServiceError('invalid_input', detail, { errors: [{ pointer: '/season', detail }] });
  }
  const season =
    input.season === undefined
      ? findSeason(filled, frequency)
      : ({ steps: input.season, source: 'given' } as const);
  const { horizon } = input;
  const plan = planBacktest(values, { horizon, season: season.steps, leastKnown });
  return { horizon, series, filled, season, plan };
}

function checkKnown(values: Float64Array, least: number): void {
  const recent = values.subarray(-CONTEXT);
  const known = recent.filter((value) => !Number.isNaN(value)).length;
  if (known >= least) return;
  const where = values.length > CONTEXT ? `The last ${CONTEXT} steps` : 'The series';
  throw new ServiceError(
    forecastErrors.too_few_values,
    `${where} ${values.length > CONTEXT ? 'have' : 'has'} ${known} known values: send at least ${least}.`,
  );
}
