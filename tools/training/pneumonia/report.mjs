const DATASET = 'PneumoniaMNIST val: 524 films of children, 28 x 28 pixels, never used for a choice';

/** @typedef {import('./evaluate.mjs').Estimate} Estimate */
/** @typedef {ReturnType<typeof import('./evaluate.mjs').evaluate>} Figures */

/**
 * The metrics of the card.
 *
 * @param {Figures} figures Of the films that were never seen.
 * @param {Figures} held Of those held out of each fold of the training.
 * @param {{ threshold: number, prevalence: number }} use `threshold` as a probability.
 */
export function describeMetrics(figures, held, { threshold, prevalence }) {
  const metric = (
    /** @type {string} */ name,
    /** @type {Estimate | number} */ estimate,
    /** @type {string} */ note,
  ) => ({
    name,
    value: round(typeof estimate === 'number' ? estimate : estimate.value),
    dataset: DATASET,
    note: typeof estimate === 'number' ? note : `95 % interval ${interval(estimate)}. ${note}`,
  });
  const at = `At the threshold ${round(threshold)}, chosen on films held out of the training for a sensitivity of 95 % there`;
  return [
    metric('AUC', figures.auc, `By DeLong. Out of fold on the training films: ${round(held.auc.value)}.`),
    metric('sensitivity', figures.sensitivity, `${at}; ${figures.films.pneumonia} films with pneumonia.`),
    metric(
      'specificity',
      figures.specificity,
      `At the same threshold; ${figures.films.normal} films without. Out of fold on the training films: ${round(held.specificity.value)}.`,
    ),
    metric(
      'expected calibration error',
      figures.calibrationError,
      `Ten bins of equal size, at the prevalence ${prevalence} of the whole data.`,
    ),
    metric('Brier score', figures.brier, 'mean of (probability of pneumonia - label)²'),
  ];
}

function interval(/** @type {Estimate} */ { low, high }) {
  return `${round(low)} to ${round(high)}`;
}

function round(/** @type {number} */ value) {
  return Number(value.toFixed(4));
}
