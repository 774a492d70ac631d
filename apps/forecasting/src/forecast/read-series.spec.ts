import { ServiceError } from '@ganglion/contracts/errors';
import { describe, expect, it } from '@jest/globals';
import { readSeries } from './read-series.js';

type Input = Parameters<typeof readSeries>[0];

const DAY_MS = 86_400_000;

function days(count: number, from = '2026-01-01'): string[] {
  return Array.from({ length: count }, (_, day) =>
    new Date(Date.parse(from) + day * DAY_MS).toISOString().slice(0, 10),
  );
}

/** A series whose values are 0, 1, 2, … at these times. */
function at(times: string[], rest: Partial<Input> = {}): Input {
  return { values: times.map((_, index) => index), times, horizon: 3, ...rest };
}

function read(input: Input) {
  const series = readSeries(input);
  const next = [0, 1, 2].map((step) => series.timeOf(series.values.length + step));
  return { ...series, values: [...series.values], next };
}

function refusal(input: Input): ServiceError {
  try {
    readSeries(input);
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
  throw new Error('expected a ServiceError');
}

describe('readSeries', () => {
  it('takes values alone', () => {
    const { values, frequency, next } = read({ values: [1, null, 3], horizon: 3 });
    expect(values).toEqual([1, Number.NaN, 3]);
    expect(frequency).toBeNull();
    expect(next).toEqual([null, null, null]);
  });

  it.each<[string, Input['frequency'], string[]]>([
    ['2026-02-28', 'day', ['2026-03-02', '2026-03-03', '2026-03-04']],
    ['2024-01-31', 'month', ['2024-03-31', '2024-04-30', '2024-05-31']],
    ['2024-04-30', 'month', ['2024-06-30', '2024-07-31', '2024-08-31']],
    ['2024-01-15', 'quarter', ['2024-07-15', '2024-10-15', '2025-01-15']],
    ['2024-02-29', 'year', ['2026-02-28', '2027-02-28', '2028-02-29']],
    ['2026-01-01', 'hour', ['2026-01-01T02:00:00', '2026-01-01T03:00:00', '2026-01-01T04:00:00']],
    ['2026-01-01T10:00:00Z', 900, ['2026-01-01T10:30:00Z', '2026-01-01T10:45:00Z', '2026-01-01T11:00:00Z']],
    ['2026-01-01T10:00', 'week', ['2026-01-15T10:00:00', '2026-01-22T10:00:00', '2026-01-29T10:00:00']],
  ])('goes on from %s by %s', (start, frequency, expected) => {
    expect(read({ values: [1, 2], start, frequency, horizon: 3 }).next).toEqual(expected);
  });

  it('finds out the step, sorts, and leaves gaps unknown', () => {
    const [a, b, , d, e] = days(5) as [string, string, string, string, string];
    const series = read({ values: [4, 0, 1, 3], times: [e, a, b, d], horizon: 3 });
    expect(series.frequency).toBe('day');
    expect(series.values).toEqual([0, 1, Number.NaN, 3, 4]);
    expect(series.tidied.reordered).toBe(true);
  });

  it('goes on at the ends of months', () => {
    const series = read(at(['2023-02-28', '2023-03-31', '2023-04-30']));
    expect(series.frequency).toBe('month');
    expect(series.next).toEqual(['2023-05-31', '2023-06-30', '2023-07-31']);
    expect(series.tidied.moved).toBe(0);
  });

  it('counts days by the clock, so that summer time moves none', () => {
    const times = ['2026-03-28T00:00:00+01:00', '2026-03-29T00:00:00+01:00', '2026-03-30T00:00:00+02:00'];
    const series = read(at(times));
    expect(series.frequency).toBe('day');
    expect(series.tidied).toEqual({ reordered: false, moved: 0, changesOffset: true });
    expect(series.next[0]).toBe('2026-03-31T00:00:00+02:00');
  });

  it('counts hours by the instant, so that the hour which clocks repeat is two', () => {
    const times = ['2026-10-25T02:00:00+02:00', '2026-10-25T02:00:00+01:00', '2026-10-25T03:00:00+01:00'];
    const series = read(at(times));
    expect(series.frequency).toBe('hour');
    expect(series.values).toEqual([0, 1, 2]);
    expect(series.next[0]).toBe('2026-10-25T04:00:00+01:00');
  });

  it('moves times that jitter, and counts them', () => {
    const times = [
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:15:04Z',
      '2026-01-01T00:29:58Z',
      '2026-01-01T00:45:00Z',
    ];
    const series = read(at(times));
    expect(series.frequency).toBe(900);
    expect(series.tidied.moved).toBe(2);
    expect(series.next[0]).toBe('2026-01-01T01:00:00Z');
  });

  it('reads times as spreadsheets write them', () => {
    const series = read(at(['2026-01-01 00:00:00', '2026-01-01 01:00:00', '2026-01-01 02:00']));
    expect(series.next[0]).toBe('2026-01-01T03:00:00');
  });

  it('takes work days as days with gaps', () => {
    const work = days(28).filter((day) => ![0, 6].includes(new Date(day).getUTCDay()));
    expect(read(at(work)).frequency).toBe('day');
  });
});

describe('readSeries refuses', () => {
  const monthsThenDays = ['2025-10-01', '2025-11-01', '2025-12-01', ...days(40)];
  const daysThenYears = [...days(20), '2030-01-01', '2034-01-01'];
  const hours = Array.from({ length: 48 }, (_, hour) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString());
  const crooked = days(20).map((day, index) => `${day}T${index % 2 ? '09' : '00'}:00:00Z`);

  it.each<[string, Input, string, RegExp]>([
    ['months, then days', at(monthsThenDays), 'forecasting.irregular_times', /43 of 132 steps/],
    ['days, then years', at(daysThenYears), 'forecasting.irregular_times', /only 22 of/],
    [
      'hours that are called days',
      at(hours, { frequency: 'day' }),
      'forecasting.irregular_times',
      /share a step of one day/,
    ],
    [
      'times off the grid',
      at(crooked, { frequency: 'day' }),
      'forecasting.irregular_times',
      /10 of the 20 times are off/,
    ],
    [
      'times too far apart',
      at(['0001-01-01', '9999-01-01'], { frequency: 'hour' }),
      'forecasting.irregular_times',
      /at most 100000/,
    ],
    ['a time twice', at([...days(9), '2026-01-04']), 'forecasting.duplicate_times', /for 2026-01-04:/],
    ['one time only', at(['2026-01-01']), 'forecasting.too_few_values', /eight/],
    [
      'forecasts beyond the year 9999',
      { values: [1, 2], start: '9998-01-01', frequency: 'year', horizon: 3 },
      'invalid_input',
      /9999/,
    ],
  ])('%s', (_, input, code, message) => {
    const error = refusal(input);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.spec.status).toBe(422);
  });

  it.each<[string, Input, string]>([
    ['fewer times than values', { values: [1, 2], times: ['2026-01-01'], horizon: 1 }, '/times'],
    ['times and a start', at(days(9), { start: '2026-01-01' }), '/start'],
    ['a start without a frequency', { values: [1], start: '2026-01-01', horizon: 1 }, '/frequency'],
    ['no time', at(['2026-01-01', '1st of May']), '/times/1'],
    ['the 30th of February', at(['2026-02-28', '2026-02-30', '2026-03-01']), '/times/1'],
    ['the 25th hour', at(['2026-01-01T24:30', '2026-01-02T00:30']), '/times/0'],
    [
      'an offset that is none',
      { values: [1], start: '2026-01-01T00:00+99:00', frequency: 'day', horizon: 1 },
      '/start',
    ],
    ['times of two forms', at(['2026-01-01', '2026-01-02T00:00:00Z', '2026-01-03']), '/times/1'],
  ])('%s, with the place', (_, input, pointer) => {
    const error = refusal(input);
    expect(error.code).toBe('invalid_input');
    expect(error.errors?.[0]?.pointer).toBe(pointer);
  });
});
