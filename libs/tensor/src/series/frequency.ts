const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const WEEK_SECONDS = 7 * DAY_SECONDS;
const MONTHS = { month: 1, quarter: 3, year: 12 } as const;
const SECONDS = { hour: HOUR_SECONDS, day: DAY_SECONDS, week: WEEK_SECONDS } as const;

/** How far the values of a series are apart: a step of the calendar (UTC), or seconds. */
export type Frequency = keyof typeof SECONDS | keyof typeof MONTHS | number;

/** Where the steps of an even grid lie. */
export interface Grid {
  readonly frequency: Frequency;
  /** Time of step 0, in milliseconds since 1970. */
  readonly startMs: number;
  /** Day that steps of months keep, 1 to 31; shorter months have their last day. Unless told otherwise that of step 0. */
  readonly dayOfMonth?: number;
}

/** Time of a step, in milliseconds since 1970. */
export function timeOfStep({ startMs, frequency, dayOfMonth }: Grid, step: number): number {
  const months = monthsOf(frequency);
  if (months === undefined) return startMs + step * millisecondsOf(frequency);
  return addMonths(startMs, step * months, dayOfMonth ?? new Date(startMs).getUTCDate());
}

/** The step whose time is nearest to `timeMs`: the inverse of {@link timeOfStep}. */
export function nearestStep(grid: Grid, timeMs: number): number {
  const { startMs, frequency } = grid;
  const months = monthsOf(frequency);
  if (months === undefined) return Math.round((timeMs - startMs) / millisecondsOf(frequency));
  const near = Math.round((monthNumber(timeMs) - monthNumber(startMs)) / months);
  const distance = (step: number) => Math.abs(timeOfStep(grid, step) - timeMs);
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

/** The day that times a month apart keep: 31 when each is the last of its month, else the latest. */
export function keptDayOfMonth(timesMs: readonly number[]): number {
  const days = timesMs.map((timeMs) => new Date(timeMs).getUTCDate());
  if (timesMs.every((timeMs, index) => days[index] === lastDayOfMonth(timeMs))) return 31;
  return days.reduce((latest, day) => Math.max(latest, day));
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

function addMonths(timeMs: number, months: number, day: number): number {
  const date = new Date(timeMs);
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  date.setUTCDate(Math.min(day, lastDayOfMonth(date.getTime())));
  return date.getTime();
}

function lastDayOfMonth(timeMs: number): number {
  const date = new Date(timeMs);
  date.setUTCDate(1);
  // Day 0 of the month behind is the last of this one.
  date.setUTCMonth(date.getUTCMonth() + 1, 0);
  return date.getUTCDate();
}
