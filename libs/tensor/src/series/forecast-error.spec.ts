import { describe, expect, it } from '@jest/globals';
import {
  intervalCoverage,
  meanAbsoluteScaledError,
  pinballLoss,
  symmetricPercentageError,
} from './forecast-error.js';

describe('meanAbsoluteScaledError', () => {
  it('is 1 for errors as large as the changes of the history', () => {
    expect(meanAbsoluteScaledError([5, 7], [3, 9], [0, 2, 4], 1)).toBe(1);
  });

  it('is undefined for a history that repeats itself', () => {
    expect(meanAbsoluteScaledError([1], [2], [1, 2, 1, 2], 2)).toBeUndefined();
  });

  it('refuses a history no longer than the season', () => {
    expect(() => meanAbsoluteScaledError([1], [2], [1, 2], 2)).toThrow(RangeError);
  });
});

describe('symmetricPercentageError', () => {
  it('takes a pair of zeros for no error, and zero against anything for the largest', () => {
    expect(symmetricPercentageError([0, 0], [0, 3])).toBe(100);
  });
});

describe('pinballLoss', () => {
  it('is least for the quantile of the values', () => {
    const actual = Array.from({ length: 101 }, (_, value) => value);
    const losses = actual.map((guess) =>
      pinballLoss(
        actual,
        actual.map(() => guess),
        0.9,
      ),
    );
    expect(losses.indexOf(Math.min(...losses))).toBe(90);
  });
});

describe('intervalCoverage', () => {
  it('counts the bounds in', () => {
    expect(intervalCoverage([1, 2, 3, 4], [1, 1, 1, 1], [2, 2, 2, 2])).toBe(0.5);
  });

  it('refuses lengths that do not fit', () => {
    expect(() => intervalCoverage([1, 2], [1], [2])).toThrow(RangeError);
    expect(() => intervalCoverage([], [], [])).toThrow(RangeError);
  });
});
