import { describe, expect, it } from '@jest/globals';
import { timeOfStep } from './frequency.js';
import { regularisePoints, type RegulariseOptions, type SeriesPoint } from './regularise-points.js';

const daily: RegulariseOptions = { frequency: 'day', duplicates: 'mean', maxValues: 100 };

function point(at: string, value: number | null): SeriesPoint {
  return { timeMs: Date.parse(at), value };
}

describe('regularisePoints', () => {
  it('leaves points of an even grid as they are', () => {
    const series = regularisePoints([point('2024-01-01', 1), point('2024-01-02', 2)], daily);
    expect(series).toEqual({
      grid: { startMs: Date.parse('2024-01-01'), frequency: 'day', dayOfMonth: 2 },
      values: Float64Array.of(1, 2),
      reordered: false,
      moved: 0,
      merged: 0,
    });
  });

  it('keeps the ends of months, whichever is the first', () => {
    const ends = ['2024-02-29', '2024-03-31', '2024-05-31'].map((at, index) => point(at, index));
    const { grid, values, moved } = regularisePoints(ends, { ...daily, frequency: 'month' });
    expect([...values]).toEqual([0, 1, Number.NaN, 2]);
    expect(moved).toBe(0);
    expect(new Date(timeOfStep(grid, 4)).toISOString()).toBe('2024-06-30T00:00:00.000Z');
  });

  it('sorts by time and leaves steps without a value unknown', () => {
    const points = [point('2024-01-05', 5), point('2024-01-01', 1), point('2024-01-02', null)];
    const series = regularisePoints(points, daily);
    expect([...series.values]).toEqual([1, Number.NaN, Number.NaN, Number.NaN, 5]);
    expect(series.reordered).toBe(true);
  });

  it('moves points to the nearest step, and counts them', () => {
    const series = regularisePoints(
      [point('2024-01-01', 1), point('2024-01-02T05:00:00Z', 2), point('2024-01-02T20:00:00Z', 3)],
      daily,
    );
    expect([...series.values]).toEqual([1, 2, 3]);
    expect(series.moved).toBe(2);
  });

  it('takes the mean of points of one step, without those that are not known', () => {
    const points = [1, 2, null, 6].map((value) => point('2024-01-01', value));
    const series = regularisePoints(points, daily);
    expect(series.values[0]).toBeCloseTo(3, 12);
    expect(series.merged).toBe(3);
  });

  it('takes the mean of values that would overflow as a sum', () => {
    const points = [1e308, 1e308, 1e308].map((value) => point('2024-01-01', value));
    expect((regularisePoints(points, daily).values[0] as number) / 1e308).toBeCloseTo(1, 12);
  });

  it('refuses points of one step where it is told to', () => {
    const points = [point('2024-01-01', 1), point('2024-01-02', 2), point('2024-01-02', 2)];
    expect(() => regularisePoints(points, { ...daily, duplicates: 'refuse' })).toThrow(
      expect.objectContaining({
        code: 'duplicate_times',
        message: expect.stringContaining('2024-01-02T00:00:00.000Z'),
      }),
    );
  });

  it.each([
    ['no_values', []],
    ['invalid_time', [point('2024-01-01', 1), point('the day before', 2)]],
    ['too_many_values', [point('0001-01-01', 1), point('2024-01-01', 2)]],
  ])('refuses with %s', (code, points) => {
    expect(() => regularisePoints(points, daily)).toThrow(expect.objectContaining({ code }));
  });
});
