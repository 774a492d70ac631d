import { describe, expect, it } from '@jest/globals';
import { evaluate } from './evaluate.mjs';

describe('evaluate', () => {
  // Worked out by hand: confidences 0.9, 0.9, 0.6, 0.6; right, wrong, right, right.
  const result = evaluate([0.9, 0.9, 0.4, 0.6], [1, 0, 0, 1]);

  it('counts right and wrong answers', () => {
    expect(result.accuracy).toBe(0.75);
    expect(result.confusion).toEqual({
      truePositive: 2,
      falsePositive: 1,
      trueNegative: 1,
      falseNegative: 0,
    });
  });

  it('measures the gap between confidence and accuracy by bins', () => {
    // |0.5 - 0.9| · 2/4 + |1 - 0.6| · 2/4
    expect(result.calibrationError).toBeCloseTo(0.4, 9);
    expect(evaluate([0.8, 0.8, 0.8, 0.8, 0.8], [1, 1, 1, 1, 0]).calibrationError).toBeCloseTo(0, 9);
  });

  it('scores the probabilities', () => {
    expect(result.brier).toBeCloseTo((0.01 + 0.81 + 0.16 + 0.16) / 4, 9);
    expect(result.logLoss).toBeCloseTo(-Math.log(0.9 * 0.1 * 0.6 * 0.6) / 4, 9);
  });
});
