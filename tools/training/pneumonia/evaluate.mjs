import { toLogOdds, toProbability } from './calibrate.mjs';

const BINS = 10;
/** Of the normal distribution, for 95 %. */
const Z = 1.959964;

/** A figure and its 95 % confidence interval. @typedef {{ value: number, low: number, high: number }} Estimate */

/**
 * How well log-likelihood ratios tell pneumonia, and how true the probabilities are that follow from them.
 *
 * @param {ArrayLike<number>} ratios
 * @param {ArrayLike<number>} labels 0 or 1
 * @param {{ threshold: number, prevalence: number }} use As the service uses them.
 */
export function evaluate(ratios, labels, { threshold, prevalence }) {
  const rows = Array.from(ratios, (ratio, row) => ({
    ratio,
    label: labels[row] ?? 0,
    probability: toProbability(ratio + toLogOdds(prevalence)),
  }));
  const normal = rows.filter(({ label }) => label !== 1);
  const pneumonia = rows.filter(({ label }) => label === 1);
  const found = (/** @type {typeof rows} */ some) => some.filter(({ ratio }) => ratio >= threshold).length;
  return {
    films: { normal: normal.length, pneumonia: pneumonia.length },
    auc: rocAuc(
      pneumonia.map(({ ratio }) => ratio),
      normal.map(({ ratio }) => ratio),
    ),
    sensitivity: wilson(found(pneumonia), pneumonia.length),
    specificity: wilson(normal.length - found(normal), normal.length),
    brier: rows.reduce((sum, { probability, label }) => sum + (probability - label) ** 2, 0) / rows.length,
    calibrationError: calibrationError(rows),
  };
}

/**
 * Area under the ROC curve, with its interval by DeLong.
 *
 * @source DeLong et al. 1988, "Comparing the Areas under Two or More Correlated ROC Curves"
 * @param {readonly number[]} positives @param {readonly number[]} negatives @returns {Estimate}
 */
export function rocAuc(positives, negatives) {
  const wins = (/** @type {number} */ high, /** @type {number} */ low) =>
    high > low ? 1 : high === low ? 0.5 : 0;
  const ofPositives = positives.map((high) => mean(negatives.map((low) => wins(high, low))));
  const ofNegatives = negatives.map((low) => mean(positives.map((high) => wins(high, low))));
  const value = mean(ofPositives);
  const error = Math.sqrt(
    variance(ofPositives) / positives.length + variance(ofNegatives) / negatives.length,
  );
  return { value, low: Math.max(0, value - Z * error), high: Math.min(1, value + Z * error) };
}

/**
 * A share, with Wilson's interval.
 *
 * @param {number} hits @param {number} count @returns {Estimate}
 */
export function wilson(hits, count) {
  const value = hits / count;
  const centre = (value + Z ** 2 / (2 * count)) / (1 + Z ** 2 / count);
  const half =
    (Z / (1 + Z ** 2 / count)) * Math.sqrt((value * (1 - value)) / count + Z ** 2 / (4 * count ** 2));
  return { value, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/**
 * Expected calibration error: the mean of |share of pneumonia - probability| over ten bins of equally many films.
 *
 * @param {readonly { probability: number, label: number }[]} rows
 */
function calibrationError(rows) {
  const sorted = [...rows].sort((a, b) => a.probability - b.probability);
  let error = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    const [from, to] = [bin, bin + 1].map((edge) => Math.floor((edge * sorted.length) / BINS));
    error += Math.abs(
      sorted.slice(from, to).reduce((sum, { probability, label }) => sum + label - probability, 0),
    );
  }
  return error / sorted.length;
}

function mean(/** @type {readonly number[]} */ values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(/** @type {readonly number[]} */ values) {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}
