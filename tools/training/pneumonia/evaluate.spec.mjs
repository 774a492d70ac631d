import { describe, expect, it } from '@jest/globals';
import { evaluate, rocAuc, wilson } from './evaluate.mjs';

describe('rocAuc', () => {
  it('is the share of pairs in the right order, a tie half of one', () => {
    expect(rocAuc([3, 2], [1, 2]).value).toBe(0.875);
  });

  it('has the interval of pROC', () => {
    // pROC's method: variance of the placements of each group over its size. 0.875 +- 1.96 * sqrt(0.03125/2 + 0.03125/2)
    const { low, high } = rocAuc([3, 2], [1, 2]);
    expect(low).toBeCloseTo(0.875 - 1.959964 * Math.sqrt(0.03125), 6);
    expect(high).toBe(1);
  });
});

describe('wilson', () => {
  it('gives the interval of the textbook', () => {
    // 8 of 10; Newcombe 1998 and R's prop.test(8, 10, correct = FALSE)
    const { value, low, high } = wilson(8, 10);
    expect([value, low, high]).toEqual([0.8, expect.closeTo(0.4902, 4), expect.closeTo(0.9433, 4)]);
  });
});

describe('evaluate', () => {
  it('counts what the threshold finds, and how far the probabilities are off', () => {
    // At even odds, log 3 is 3/4: of eight such films six have pneumonia; of two at -log 9, a tenth each, none.
    const ratios = [...Array(8).fill(Math.log(3)), -Math.log(9), -Math.log(9)];
    const labels = [1, 1, 1, 1, 1, 1, 0, 0, 0, 0];
    const figures = evaluate(ratios, labels, { threshold: 0, prevalence: 0.5 });
    expect(figures.films).toEqual({ normal: 4, pneumonia: 6 });
    expect(figures.sensitivity.value).toBe(1);
    expect(figures.specificity.value).toBe(0.5);
    expect(figures.brier).toBeCloseTo((6 * 0.0625 + 2 * 0.5625 + 2 * 0.01) / 10, 9);
  });
});
