import { keptDayOfMonth, nearestStep, timeOfStep, type Frequency, type Grid } from './frequency.js';
import { SeriesError } from './series-error.js';

/** One observation. */
export interface SeriesPoint {
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  /** `null` or NaN: not known. */
  readonly value: number | null;
}

export interface RegulariseOptions {
  readonly frequency: Frequency;
  /** What becomes of several points of one step: their mean, or an error. */
  readonly duplicates: 'mean' | 'refuse';
  /** Most steps that the grid may have. */
  readonly maxValues: number;
}

/** A series with one value a step, and what was done to its points. */
export interface RegularSeries {
  /** Its step 0 is the first value. Steps of months keep the day that the times keep. */
  readonly grid: Grid;
  /** NaN where no value is known. */
  readonly values: Float64Array;
  /** Whether the points came in another order than that of time. */
  readonly reordered: boolean;
  /** Points that were off the grid, and count for their nearest step. */
  readonly moved: number;
  /** Points that shared a step with one before them. */
  readonly merged: number;
}

/**
 * Puts points onto an even grid that starts at the earliest.
 *
 * @throws invalid_time when a time is not a finite number.
 * @throws duplicate_times when two points are of one step, and duplicates are refused.
 * @throws too_many_values when the grid would have more than `maxValues` steps.
 * @throws no_values when there are no points.
 */
export function regularisePoints(
  points: readonly SeriesPoint[],
  { frequency, duplicates, maxValues }: RegulariseOptions,
): RegularSeries {
  const ordered = inOrder(points);
  const grid = {
    frequency,
    startMs: (ordered[0] as SeriesPoint).timeMs,
    dayOfMonth: keptDayOfMonth(ordered.map(({ timeMs }) => timeMs)),
  };
  const steps = ordered.map(({ timeMs }) => nearestStep(grid, timeMs));
  const length = (steps.at(-1) as number) + 1;
  if (length > maxValues) {
    throw new SeriesError(
      'too_many_values',
      `From the first time to the last there are ${length} steps; at most ${maxValues} are taken.`,
    );
  }
  const merged = steps.filter((step, index) => step === steps[index - 1]);
  if (duplicates === 'refuse' && merged.length > 0) {
    const time = new Date(timeOfStep(grid, merged[0] as number)).toISOString();
    throw new SeriesError('duplicate_times', `There is more than one point for the step of ${time}.`);
  }
  return {
    grid,
    values: meanOfSteps(ordered, steps, length),
    reordered: points.some(({ timeMs }, index) => timeMs < (points[index - 1]?.timeMs ?? -Infinity)),
    moved: ordered.filter(({ timeMs }, index) => timeOfStep(grid, steps[index] as number) !== timeMs).length,
    merged: merged.length,
  };
}

function inOrder(points: readonly SeriesPoint[]): SeriesPoint[] {
  if (points.length === 0) throw new SeriesError('no_values', 'The series has no points.');
  const invalid = points.findIndex(({ timeMs }) => Number.isNaN(new Date(timeMs).getTime()));
  if (invalid >= 0) throw new SeriesError('invalid_time', `The time of point ${invalid} is not a time.`);
  return [...points].sort((left, right) => left.timeMs - right.timeMs);
}

function meanOfSteps(points: readonly SeriesPoint[], steps: readonly number[], length: number): Float64Array {
  const means = new Float64Array(length).fill(Number.NaN);
  const counts = new Uint32Array(length);
  points.forEach(({ value }, index) => {
    if (value === null || Number.isNaN(value)) return;
    const step = steps[index] as number;
    const count = (counts[step] as number) + 1;
    counts[step] = count;
    // Each part is divided first, since a sum of large values overflows.
    means[step] = count === 1 ? value : (means[step] as number) * (1 - 1 / count) + value / count;
  });
  return means;
}
