import { describe, expect, it } from '@jest/globals';
import { findSeason } from './find-season.js';

function waves(count: number, period: number): Float64Array {
  return Float64Array.from(
    { length: count },
    (_, step) => 0.05 * step + Math.sin((2 * Math.PI * step) / period) + 0.2 * Math.sin(step * step),
  );
}

describe('findSeason', () => {
  it.each<[Parameters<typeof findSeason>[1], number]>([
    ['hour', 24],
    ['day', 7],
    ['week', 52],
    ['month', 12],
    ['quarter', 4],
    [900, 96],
  ])('finds the season that steps of %s are known for', (frequency, season) => {
    expect(findSeason(waves(400, season), frequency)).toEqual({ steps: season, source: 'detected' });
  });

  it.each([4, 7, 10, 12, 24, 52, 168])('finds a season of %d without a frequency', (season) => {
    expect(findSeason(waves(700, season), null)).toEqual({ steps: season, source: 'detected' });
  });

  it('finds none in a line, and none in equal values', () => {
    const none = { steps: 1, source: 'none' };
    expect(
      findSeason(
        Float64Array.from({ length: 90 }, (_, step) => step),
        null,
      ),
    ).toEqual(none);
    expect(findSeason(new Float64Array(90).fill(3), 'day')).toEqual(none);
  });
});
