import { SeriesError } from './series-error.js';

/** Values that were missing, one behind another. */
export interface Gap {
  /** Index of the first missing value. */
  readonly from: number;
  readonly length: number;
}

/** A series without gaps, and where they were. */
export interface FilledSeries {
  readonly values: Float64Array;
  readonly gaps: readonly Gap[];
}

/** Runs of missing values (`null` or NaN), in order. */
export function findGaps(values: ArrayLike<number | null>): Gap[] {
  const gaps: Gap[] = [];
  for (let from = 0; from < values.length; from += 1) {
    let end = from;
    while (end < values.length && isMissing(values[end])) end += 1;
    if (end > from) gaps.push({ from, length: end - from });
    from = end;
  }
  return gaps;
}

/**
 * Fills missing values (`null` or NaN) on the straight line between their neighbours; those at either end by the
 * nearest value.
 *
 * @throws invalid_value when a value is infinite.
 * @throws no_values when all are missing.
 */
export function fillGaps(values: ArrayLike<number | null>): FilledSeries {
  const gaps = findGaps(values);
  if ((gaps[0]?.length ?? 0) === values.length) {
    throw new SeriesError('no_values', 'Not one value of the series is known.');
  }
  const filled = Float64Array.from(values, (value) => value ?? Number.NaN);
  const infinite = filled.findIndex((value) => Math.abs(value) === Infinity);
  if (infinite >= 0) {
    throw new SeriesError('invalid_value', `Value ${infinite} of the series is larger than a number can be.`);
  }
  for (const gap of gaps) fillGap(filled, gap);
  return { values: filled, gaps };
}

function fillGap(values: Float64Array, { from, length }: Gap): void {
  const before = values[from - 1] ?? (values[from + length] as number);
  const behind = values[from + length] ?? before;
  for (let place = 1; place <= length; place += 1) {
    const share = place / (length + 1);
    values[from + place - 1] = before * (1 - share) + behind * share;
  }
}

function isMissing(value: number | null | undefined): boolean {
  return value === null || Number.isNaN(value);
}
