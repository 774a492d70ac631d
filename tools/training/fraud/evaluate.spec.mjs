import { describe, expect, it } from '@jest/globals';
import { evaluate } from './evaluate.mjs';

/** One day and one customer a row, unless told otherwise. */
function scored(/** @type {number[]} */ scores, /** @type {number[]} */ labels) {
  return {
    scores: Float32Array.from(scores),
    labels: Uint8Array.from(labels),
    days: new Int32Array(scores.length),
    customers: scores.map((_, row) => String(row)),
  };
}

describe('evaluate', () => {
  it('gives what scikit-learn documents of average precision and ROC AUC', () => {
    // The examples of average_precision_score and roc_auc_score: 0.83… and 0.75.
    const figures = evaluate(scored([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]));
    expect(figures.averagePrecision).toBeCloseTo(0.8333, 4);
    expect(figures.rocAuc).toBeCloseTo(0.75, 10);
  });

  it('takes scores that say nothing as chance', () => {
    const figures = evaluate(scored([1, 1, 1, 1, 1], [0, 1, 0, 0, 1]));
    expect(figures.averagePrecision).toBeCloseTo(0.4, 10);
    expect(figures.rocAuc).toBeCloseTo(0.5, 10);
  });

  it('reviews the hundredth with the highest scores', () => {
    const scores = Array.from({ length: 300 }, (_, row) => row / 100);
    const labels = scores.map((_, row) => Number([299, 297, 5, 6].includes(row)));
    const figures = evaluate(scored(scores, labels));
    expect(figures.recallAtReview).toBeCloseTo(2 / 4, 10);
    expect(figures.precisionAtReview).toBeCloseTo(2 / 3, 10);
    expect(figures.reviewThreshold).toBeCloseTo(1 / (1 + Math.exp(-2.97)), 6);
  });

  it('counts a card once a day, by the highest score of its transactions', () => {
    const days = scored([5, 4, 3, 2], [0, 1, 0, 0]);
    days.days.set([0, 0, 0, 1]);
    days.customers = ['a', 'a', 'b', 'b'];
    // Day 0: card a is defrauded, card b is not; day 1: card b is not.
    expect(evaluate(days).cardPrecision).toBeCloseTo((1 / 2 + 0) / 2, 10);
  });

  it('finds probabilities that are true well calibrated, and others not', () => {
    const labels = Array.from({ length: 1_000 }, (_, row) => Number(row % 4 === 0));
    const logOdds = (/** @type {number} */ probability) => Math.log(probability / (1 - probability));
    const right = evaluate(
      scored(
        labels.map(() => logOdds(0.25)),
        labels,
      ),
    );
    const wrong = evaluate(
      scored(
        labels.map(() => logOdds(0.75)),
        labels,
      ),
    );
    expect(right.calibrationError).toBeCloseTo(0, 5);
    expect(right.brier).toBeCloseTo(0.1875, 5);
    expect(wrong.calibrationError).toBeCloseTo(0.5, 5);
  });
});
