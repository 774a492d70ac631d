import { describe, expect, it } from '@jest/globals';
import { describeChanges } from './describe-changes.js';
import type { EvenSeries } from './read-series.js';

const untouched = { reordered: false, moved: 0, changesOffset: false };

function series(values: ArrayLike<number>, tidied: Partial<EvenSeries['tidied']> = {}): EvenSeries {
  return {
    values: Float64Array.from(values),
    frequency: null,
    tidied: { ...untouched, ...tidied },
    timeOf: () => null,
  };
}

const rising = (count: number) => Array.from({ length: count }, (_, step) => step);

describe('describeChanges', () => {
  it('says nothing of a series that was left as it is', () => {
    expect(describeChanges(series(rising(20)), 20)).toEqual([]);
  });

  it.each<[string, EvenSeries, RegExp]>([
    ['sorted', series(rising(9), { reordered: true }), /sorted by time/],
    ['moved', series(rising(9), { moved: 1 }), /^1 time was off/],
    ['summer time', series(rising(9), { changesOffset: true }), /offset/],
    ['too long', series(rising(2_049)), /has 2049 steps: the model read the last 2048/],
    ['gaps', series([1, Number.NaN, 3]), /1 of 3 steps has no value/],
    ['a gap at the end', series([1, 2, Number.NaN, Number.NaN]), /behind the last 2 steps/],
    ['equal', series([4, 4, 4]), /no width/],
  ])('says what is so: %s', (_, given, sentence) => {
    expect(describeChanges(given, 1)).toContainEqual(expect.stringMatching(sentence));
  });

  it('warns of a horizon that is longer than what is known', () => {
    expect(describeChanges(series(rising(20)), 21)).toEqual([expect.stringContaining('20 known values')]);
  });
});
