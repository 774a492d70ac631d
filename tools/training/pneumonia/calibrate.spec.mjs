import { describe, expect, it } from '@jest/globals';
import { chooseThreshold, fitPlatt, toLogOdds, toProbability } from './calibrate.mjs';

describe('fitPlatt', () => {
  it('finds back how honest log-odds were bent', () => {
    // At log-odds of -1 and 2, exactly as many of 1,000 films have pneumonia as they say; told three times too sure, and moved.
    const rows = [-1, 2].flatMap((logOdds) =>
      Array.from({ length: 1000 }, (_, i) => ({
        logit: 3 * logOdds - 0.6,
        label: Number(i < 1000 * toProbability(logOdds)),
      })),
    );
    const fitted = fitPlatt(
      rows.map(({ logit }) => logit),
      rows.map(({ label }) => label),
    );
    expect(fitted.slope).toBeCloseTo(1 / 3, 2);
    expect(fitted.offset).toBeCloseTo(0.2, 2);
  });
});

describe('chooseThreshold', () => {
  it('finds the wanted share of those with pneumonia, and no more than it must', () => {
    const labels = [1, 1, 1, 1, 0, 0];
    expect(chooseThreshold([4, 3, 2, 1, 9, 0], labels, 0.75)).toBe(2);
    expect(chooseThreshold([4, 3, 2, 1, 9, 0], labels, 0.76)).toBe(1);
  });
});

it('goes from probability to log-odds and back', () => {
  expect(toProbability(toLogOdds(0.742))).toBeCloseTo(0.742, 12);
});
