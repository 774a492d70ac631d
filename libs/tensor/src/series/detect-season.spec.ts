import { describe, expect, it } from '@jest/globals';
import { detectSeason } from './detect-season.js';

/** Even noise of -1 to 1, the same each time (a linear congruential generator). */
function makeNoise(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 31 - 1;
  });
}

function wave(step: number, season: number): number {
  return Math.sin((2 * Math.PI * step) / season);
}

describe('detectSeason', () => {
  it('finds the season below a trend and noise', () => {
    const values = makeNoise(96, 1).map((noise, step) => 100 + 2 * step + 3 * wave(step, 12) + noise);
    expect(detectSeason(values, [12])).toBe(12);
  });

  it('takes the day where each day is like the other', () => {
    const values = makeNoise(24 * 30, 2).map((noise, step) => wave(step, 24) + 0.3 * noise);
    expect(detectSeason(values, [24, 168])).toBe(24);
  });

  it('takes the week where its days differ', () => {
    const values = makeNoise(24 * 35, 3).map((noise, step) => {
      const weekend = Math.floor(step / 24) % 7 > 4;
      return (weekend ? 0.2 : 1) * wave(step, 24) + (weekend ? -1 : 0) + 0.2 * noise;
    });
    expect(detectSeason(values, [24, 168])).toBe(168);
  });

  it('seldom finds one in noise, and none in a random walk', () => {
    const noises = Array.from({ length: 100 }, (_, seed) => makeNoise(120, 7_919 * seed));
    const count = (series: number[][]) => series.filter((values) => detectSeason(values, [12]) > 1).length;
    expect(count(noises)).toBeLessThan(8);
    const walks = noises.map((noise) => {
      let place = 0;
      return noise.map((step) => (place += step));
    });
    expect(count(walks)).toBe(0);
  });

  it.each([
    ['a line', Array.from({ length: 60 }, (_, step) => 0.1 * step)],
    ['equal values', Array.from({ length: 60 }, () => 0.1)],
    ['zeros', Array.from({ length: 60 }, () => 0)],
    ['two values', [1, 2]],
    ['no value', []],
  ])('finds none in %s', (_, values) => {
    expect(detectSeason(values, [12])).toBe(1);
  });

  it('believes no season that is not there three times', () => {
    const values = Array.from({ length: 35 }, (_, step) => wave(step, 12));
    expect(detectSeason(values, [12])).toBe(1);
    expect(detectSeason([...values, wave(35, 12)], [12])).toBe(12);
  });

  it('does not mind the size of the values', () => {
    const values = Array.from({ length: 60 }, (_, step) => wave(step, 12));
    expect(
      detectSeason(
        values.map((value) => value * 1e308),
        [12],
      ),
    ).toBe(12);
    expect(
      detectSeason(
        values.map((value) => value * 1e-300),
        [12],
      ),
    ).toBe(12);
  });
});
