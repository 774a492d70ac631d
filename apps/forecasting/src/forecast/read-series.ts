import type { ParsedInputOf } from '@ganglion/contracts/capability';
import { ServiceError } from '@ganglion/contracts/errors';
import {
  forecastErrors,
  MOST_VALUES,
  type forecast,
} from '@ganglion/contracts/services/forecasting/forecast';
import {
  inferFrequency,
  keptDayOfMonth,
  regularisePoints,
  SeriesError,
  timeOfStep,
  type Frequency,
  type RegularSeries,
} from '@ganglion/tensor/series';
import { checkGrid } from './check-grid.js';
import { readClock, readInstants, type Clock } from './clock.js';

type Input = ParsedInputOf<typeof forecast>;

/** The last moment that is written with four digits of a year. */
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** What was done to the points of a series to make it even. */
export type Tidied = Pick<RegularSeries, 'reordered' | 'moved'> & Pick<Clock, 'changesOffset'>;

/** A series with one value a step. */
export interface EvenSeries {
  /** NaN where no value is known. */
  readonly values: Float64Array;
  readonly frequency: Frequency | null;
  readonly tidied: Tidied;
  /** Time of a step, counted from the first value; null where the series has no times. */
  timeOf(step: number): string | null;
}

const UNTOUCHED: Tidied = { reordered: false, moved: 0, changesOffset: false };

/**
 * Puts the values of a request on an even grid.
 *
 * @throws ServiceError `invalid_input` when the fields do not go together, `forecasting.duplicate_times`,
 *   `forecasting.irregular_times`.
 */
export function readSeries(input: Input): EvenSeries {
  checkFields(input);
  const series = input.times === undefined ? readEvenValues(input) : readTimedValues(input, input.times);
  if (
    series.frequency !== null &&
    Date.parse(series.timeOf(series.values.length + input.horizon) ?? '') > LAST_MS
  )
    refuse('/horizon', 'The forecast would go beyond the year 9999.');
  return series;
}

function checkFields({ values, times, start, frequency }: Input): void {
  if (times !== undefined && times.length !== values.length) {
    refuse('/times', `There are ${times.length} times for ${values.length} values: send one for each.`);
  }
  if (times !== undefined && start !== undefined)
    refuse('/start', 'The times say when the series starts: leave one of the two out.');
  if (start !== undefined && frequency === undefined)
    refuse('/frequency', 'A start needs the frequency beside it, such as "day".');
}

function readEvenValues({ values, start, frequency }: Input): EvenSeries {
  const even = { values: toNumbers(values), frequency: frequency ?? null, tidied: UNTOUCHED };
  if (start === undefined || frequency === undefined) return { ...even, timeOf: () => null };
  const clock = readClock([start], frequency, '/start');
  const startMs = clock.timesMs[0] as number;
  const grid = { startMs, frequency, dayOfMonth: keptDayOfMonth([startMs]) };
  return { ...even, timeOf: (step) => clock.write(timeOfStep(grid, step)) };
}

function readTimedValues(input: Input, times: readonly string[]): EvenSeries {
  const frequency = input.frequency ?? inferFrequency(readInstants(times, '/times'));
  if (frequency === undefined) {
    throw new ServiceError(forecastErrors.too_few_values, 'Send values of at least eight different times.');
  }
  const clock = readClock(times, frequency, '/times');
  const points = clock.timesMs.map((timeMs, index) => ({ timeMs, value: input.values[index] ?? null }));
  try {
    const series = regularisePoints(points, { frequency, duplicates: 'mean', maxValues: MOST_VALUES });
    checkGrid(clock, series);
    return {
      values: series.values,
      frequency,
      tidied: { reordered: series.reordered, moved: series.moved, changesOffset: clock.changesOffset },
      timeOf: (step) => clock.write(timeOfStep(series.grid, step)),
    };
  } catch (error) {
    if (!(error instanceof SeriesError)) throw error;
    throw new ServiceError(forecastErrors.irregular_times, error.message, { cause: error });
  }
}

function toNumbers(values: readonly (number | null)[]): Float64Array {
  return Float64Array.from(values, (value) => value ?? Number.NaN);
}

function refuse(pointer: string, detail: string): never {
  throw new ServiceError('invalid_input', detail, { errors: [{ pointer, detail }] });
}
