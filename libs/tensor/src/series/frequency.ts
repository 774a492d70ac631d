const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const WEEK_SECONDS = 7 * DAY_SECONDS;
const MONTHS = { month: 1, quarter: 3, year: 12 } as const;
const SECONDS = { hour: HOUR_SECONDS, day: DAY_SECONDS, week: WEEK_SECONDS } as const;

/** How far the values of a series are apart: a step of the calendar (UTC), or seconds. */
export type Frequency = keyof typeof SECONDS | keyof typeof MONTHS | number;

/**
 * Time of a step, counted from `startMs`. Steps of the calendar keep the day of the month, or take the month's last day
 * where it is shorter.
 *
 * @param startMs Milliseconds since 1970, as are those returned.
 */
export function timeOfStep(startMs: number, frequency: Frequency, step: number): number {
  const months = monthsOf(frequency);
  return months === undefined
    ? startMs + step * millisecondsOf(frequency)
    : addMonths(startMs, step * months);
}

/** The step whose time is nearest to `timeMs`: the inverse of {@link timeOfStep}. */
export function nearestStep(startMs: number, frequency: Frequency, timeMs: number): number {
  const months = monthsOf(frequency);
  if (months === undefined) return Math.round((timeMs - startMs) / millisecondsOf(frequency));
  const near = Math.round((monthNumber(timeMs) - monthNumber(startMs)) / months);
  const distance = (step: number) => Math.abs(timeOfStep(startMs, frequency, step) - timeMs);
  return [near - 1, near + 1].reduce((best, step) => (distance(step) < distance(best) ? step : best), near);
}

/**
 * Lengths of the seasons that a frequency is known for, in steps and ascending: hours repeat by day and week, days by
 * week and year. None for years.
 */
export function seasonCandidates(frequency: Frequency): number[] {
  const months = monthsOf(frequency);
  if (months !== undefined) return months < 12 ? [12 / months] : [];
  const seconds = millisecondsOf(frequency) / 1_000;
  if (seconds === WEEK_SECONDS) return [52];
  const periods = seconds < HOUR_SECONDS ? [HOUR_SECONDS, DAY_SECONDS] : [DAY_SECONDS, WEEK_SECONDS];
  const seasons = periods.map((period) => period / seconds);
  if (seconds === DAY_SECONDS) seasons.push(365);
  return seasons.filter((season) => Number.isInteger(season) && season > 1);
}

function monthsOf(frequency: Frequency): number | undefined {
  return typeof frequency === 'string' && frequency in MONTHS
    ? MONTHS[frequency as keyof typeof MONTHS]
    : undefined;
}

function millisecondsOf(frequency: Frequency): number {
  const seconds = typeof frequency === 'number' ? frequency : SECONDS[frequency as keyof typeof SECONDS];
  if (!(seconds > 0 && seconds < Infinity)) {
    throw new RangeError(`A series cannot have a value every ${seconds} seconds.`);
  }
  return seconds * 1_000;
}

function monthNumber(timeMs: number): number {
  const date = new Date(timeMs);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function addMonths(timeMs: number, months: number): number {
  const date = new Date(timeMs);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  // Day 0 of the month behind is the last of this one.
  const lastDay = new Date(date);
  lastDay.setUTCMonth(date.getUTCMonth() + 1, 0);
  date.setUTCDate(Math.min(day, lastDay.getUTCDate()));
  return date.getTime();
}
