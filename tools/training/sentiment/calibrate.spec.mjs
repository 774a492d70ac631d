import { describe, expect, it } from '@jest/globals';
import { findTemperature, toProbabilities } from './calibrate.mjs';

describe('findTemperature', () => {
  it('finds back the factor by which honest logits were blown up', () => {
    // 800 rows at margin 1.0986 (probability 3/4), of which exactly three quarters are positive; all three times too sure.
    const labels = Array.from({ length: 800 }, (_, i) => (i % 4 === 0 ? 0 : 1));
    const logits = labels.flatMap(() => [0, 3 * Math.log(3)]);
    expect(findTemperature(logits, labels)).toBeCloseTo(3, 4);
  });

  it('sharpens what is not sure enough', () => {
    const labels = Array.from({ length: 100 }, (_, i) => (i % 10 === 0 ? 0 : 1));
    const logits = labels.flatMap(() => [0, Math.log(9) / 2]);
    expect(findTemperature(logits, labels)).toBeCloseTo(0.5, 4);
  });
});

describe('toProbabilities', () => {
  it('is the softmax of the cooled logits', () => {
    expect(toProbabilities([0, Math.log(9), 2, 2], 2)).toEqual([expect.closeTo(0.75, 9), 0.5]);
  });
});
