import { ServiceError } from '@ganglion/contracts/errors';
import type { Frequency } from '@ganglion/tensor/series';

const WRITTEN =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;
const MINUTE_MS = 60_000;
const DAY_SECONDS = 86_400;

/** A time as it is written: what its clock shows, and how far that clock is before UTC. */
interface WrittenTime {
  readonly form: 'date' | 'local' | 'offset';
  /** What the clock shows, as if it were UTC: milliseconds since 1970. */
  readonly clockMs: number;
  /** `Z`, `+02:00`, or empty. */
  readonly offset: string;
  readonly offsetMs: number;
}

/** Times of a series, all written in one form. */
export interface Clock {
  /** Milliseconds since 1970 by which steps are counted. */
  readonly timesMs: readonly number[];
  /** Whether the offset changes, as it does with summer time. */
  readonly changesOffset: boolean;
  /** Writes a time of that count in the form of the series' own, with the offset of its last. */
  write(timeMs: number): string;
}

/**
 * Reads times. Steps of a day and longer are counted by what the clock shows, so that a day of 23 hours is one; shorter
 * steps by the instant.
 *
 * @param pointer Where the times are in the input.
 * @throws ServiceError `invalid_input` when one is no time, or they are not all written in one form.
 */
export function readClock(texts: readonly string[], frequency: Frequency, pointer: string): Clock {
  const times = readTimes(texts, pointer);
  const last = times.at(-1) as WrittenTime;
  const odd = times.findIndex(({ form }) => form !== last.form);
  if (odd >= 0) {
    refuse(`${pointer}/${odd}`, 'Dates, times with an offset and times without do not go together.');
  }
  const byClock = isCalendar(frequency);
  const latest = times.reduce((late, time) => (instantOf(time) > instantOf(late) ? time : late));
  const withHours = last.form !== 'date' || !byClock;
  return {
    timesMs: times.map((time) => (byClock ? time.clockMs : instantOf(time))),
    changesOffset: times.some(({ offsetMs }) => offsetMs !== last.offsetMs),
    write(timeMs) {
      const clockMs = byClock ? timeMs : timeMs + latest.offsetMs;
      const text = new Date(clockMs).toISOString().replace(/(\.000)?Z$/, '');
      return withHours ? text + latest.offset : (text.split('T')[0] as string);
    },
  };
}

/**
 * The instants of times, in milliseconds since 1970; those without an offset as if they were UTC.
 *
 * @throws ServiceError `invalid_input` as {@link readClock}.
 */
export function readInstants(texts: readonly string[], pointer: string): number[] {
  return readTimes(texts, pointer).map(instantOf);
}

function isCalendar(frequency: Frequency): boolean {
  return typeof frequency === 'string' ? frequency !== 'hour' : frequency % DAY_SECONDS === 0;
}

function instantOf({ clockMs, offsetMs }: WrittenTime): number {
  return clockMs - offsetMs;
}

function readTimes(texts: readonly string[], pointer: string): WrittenTime[] {
  const times = texts.map(readTime);
  const wrong = times.findIndex(({ clockMs }) => Number.isNaN(clockMs));
  if (wrong >= 0) {
    const place = texts.length === 1 ? pointer : `${pointer}/${wrong}`;
    refuse(place, 'This is no time. Write 2026-05-23, 2026-05-23T14:00, or 2026-05-23T14:00:00+02:00.');
  }
  return times;
}

function readTime(text: string): WrittenTime {
  const [, date = '', hours, offset = ''] = WRITTEN.exec(text) ?? [];
  const [hour = 0, minute = 0] = offset.slice(1).split(':').map(Number);
  const clockMs = Date.parse(`${date}T${hours ?? '00:00'}Z`);
  return {
    form: hours === undefined ? 'date' : offset === '' ? 'local' : 'offset',
    // JavaScript reads the 30th of February as a day in March, and 24:00 as the next day.
    clockMs: isDay(clockMs, date) ? clockMs : Number.NaN,
    offset,
    offsetMs: (offset.startsWith('-') ? -1 : 1) * (60 * hour + minute) * MINUTE_MS,
  };
}

function isDay(clockMs: number, date: string): boolean {
  return !Number.isNaN(clockMs) && new Date(clockMs).toISOString().startsWith(date);
}

function refuse(pointer: string, detail: string): never {
  throw new ServiceError('invalid_input', `${pointer}: ${detail}`, { errors: [{ pointer, detail }] });
}
