const BINS = 15;

/** @typedef {{ truePositive: number, falsePositive: number, trueNegative: number, falseNegative: number }} Confusion */

/**
 * How right probabilities of positive are.
 *
 * @param {readonly number[]} probabilities
 * @param {readonly number[]} labels 0 or 1
 */
export function evaluate(probabilities, labels) {
  const rows = probabilities.map((positive, i) => {
    const label = labels[i] === 1 ? 1 : 0;
    const isRight = (positive > 0.5 ? 1 : 0) === label;
    return { positive, label, isRight, confidence: Math.max(positive, 1 - positive) };
  });
  const mean = (/** @type {(row: typeof rows[number]) => number} */ value) =>
    rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
  return {
    accuracy: mean(({ isRight }) => Number(isRight)),
    calibrationError: calibrationError(rows),
    brier: mean(({ positive, label }) => (positive - label) ** 2),
    logLoss: mean(({ positive, label }) => -Math.log(label === 1 ? positive : 1 - positive)),
    confusion: countConfusion(rows),
  };
}

/**
 * Expected calibration error: 15 bins of equal width over the probability of the chosen label; the mean of
 * |accuracy - confidence| over them, weighted by their sizes.
 *
 * @source Guo et al. 2017 (arXiv:1706.04599), equation 3
 * @param {readonly { confidence: number, isRight: boolean }[]} rows
 */
function calibrationError(rows) {
  const surplus = new Float64Array(BINS);
  for (const { confidence, isRight } of rows) {
    const bin = Math.min(BINS - 1, Math.floor(confidence * BINS));
    surplus[bin] = (surplus[bin] ?? 0) + (Number(isRight) - confidence) / rows.length;
  }
  return surplus.reduce((sum, value) => sum + Math.abs(value), 0);
}

/** @param {readonly { label: number, isRight: boolean }[]} rows @returns {Confusion} */
function countConfusion(rows) {
  const count = (/** @type {number} */ label, /** @type {boolean} */ isRight) =>
    rows.filter((row) => row.label === label && row.isRight === isRight).length;
  return {
    truePositive: count(1, true),
    falsePositive: count(0, false),
    trueNegative: count(0, true),
    falseNegative: count(1, false),
  };
}
