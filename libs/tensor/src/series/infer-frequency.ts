import type { Frequency } from './frequency.js';

const DAY_SECONDS = 86_400;
/** Days from one time to the next, from and to, by what they may be. */
const CALENDAR: readonly (readonly [Frequency, number, number])[] = [
  ['day', 1, 1],
  ['week', 7, 7],
  ['month', 28, 31],
  ['quarter', 90, 92],
  ['year', 365, 366],
];
/** Steps that clocks are set to, in seconds. */
const USUAL_SECONDS = [1, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1_200, 1_800, 3_600, 7_200]
  .concat([3, 4, 6, 8, 12].map((hours) => 3_600 * hours))
  .concat([2, 3, 4, 5, 6, 14].map((days) => DAY_SECONDS * days));
/** Clocks that jitter are this near to a usual step; summer time takes an hour of a day. */
const NEAR = 0.02;
const NEAR_DAYS = 0.05;

/**
 * How far the values of a series are apart, by the median distance of its times; undefined where there are not two.
 *
 * @param timesMs Milliseconds since 1970, in any order.
 */
export function inferFrequency(timesMs: readonly number[]): Frequency | undefined {
  const ordered = Float64Array.from(timesMs).sort();
  const distances = ordered.slice(1).map((timeMs, index) => timeMs - (ordered[index] as number));
  const apart = distances.filter((distance) => distance > 0).sort();
  if (apart.length === 0) return undefined;
  const seconds = (apart[Math.floor(apart.length / 2)] as number) / 1_000;
  const days = seconds / DAY_SECONDS;
  const named = CALENDAR.find(([, from, to]) => days >= from - NEAR_DAYS && days <= to + NEAR_DAYS);
  if (named !== undefined) return named[0];
  const usual = USUAL_SECONDS.find((step) => Math.abs(seconds - step) <= NEAR * step) ?? seconds;
  return usual === 3_600 ? 'hour' : usual;
}
