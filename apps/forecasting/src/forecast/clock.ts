import { ServiceError } from '@ganglion/contracts/errors';
import type { Frequency } from '@ganglion/tensor/series';

const WRITTEN = /^(\d{4}-\d{2}-\d{2})(?:T([\d:.]+)(Z|[+-]\d{2}:\d{2})?)?$/;
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
 * @param pointer Of the times in the input; each has `/<index>` behind it unless there is but one.
 * @throws ServiceError `invalid_input` when they are not all written in one form.
 */
export function readClock(texts: readonly string[], frequency: Frequency, pointer: string): Clock {
  const times = texts.map(readTime);
  const last = times.at(-1) as WrittenTime;
  const odd = times.findIndex(({ form }) => form !== last.form);
  if (odd >= 0) {
    const detail =
      'All times must be dates, or all with an offset, or all without: this one is unlike the last.';
    throw new ServiceError('invalid_input', detail, { errors: [{ pointer: `${pointer}/${odd}`, detail }] });
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

/** The instants of times, in milliseconds since 1970; those without an offset as if they were UTC. */
export function readInstants(texts: readonly string[]): number[] {
  return texts.map((text) => instantOf(readTime(text)));
}

function isCalendar(frequency: Frequency): boolean {
  return typeof frequency === 'string' ? frequency !== 'hour' : frequency % DAY_SECONDS === 0;
}

function instantOf({ clockMs, offsetMs }: WrittenTime): number {
  return clockMs - offsetMs;
}

function readTime(text: string): WrittenTime {
  const [, date, hours, offset = ''] = WRITTEN.exec(text) ?? [];
  const [hour = 0, minute = 0] = offset.slice(1).split(':').map(Number);
  const offsetMs = (offset.startsWith('-') ? -1 : 1) * (60 * hour + minute) * MINUTE_MS;
  return {
    form: hours === undefined ? 'date' : offset === '' ? 'local' : 'offset',
    clockMs: Date.parse(`${date}T${hours ?? '00:00'}Z`),
    offset,
    offsetMs,
  };
}
