const DATASET = "Fraud Detection Handbook's simulated transactions, days 77 to 91 (never used for a choice)";

/** @typedef {ReturnType<typeof import('./evaluate.mjs').evaluate>} Figures */

/**
 * The metrics of the card: those of the network, beside its rival's.
 *
 * @param {Figures} mlp
 * @param {Figures} rival
 */
export function describeMetrics(mlp, rival) {
  const metric = (/** @type {string} */ name, /** @type {keyof Figures} */ key, note = '') => {
    const beside = `Logistic regression on the same features: ${round(rival[key])}.`;
    return { name, value: round(mlp[key]), dataset: DATASET, note: note ? `${note} ${beside}` : beside };
  };
  return [
    metric('AUPRC', 'averagePrecision', `Chance gives ${round(mlp.fraudShare)}, the share of frauds.`),
    metric('ROC AUC', 'rocAuc'),
    metric(
      'recall at 1 % review',
      'recallAtReview',
      `Frauds among the 1 % with the highest scores; here those of a probability from ${round(mlp.reviewThreshold)} on.`,
    ),
    metric('precision at 1 % review', 'precisionAtReview'),
    metric('card precision at 100 a day', 'cardPrecision', 'Cards known to be compromised are not left out.'),
    metric('Brier score', 'brier'),
    metric(
      'expected calibration error',
      'calibrationError',
      `Ten bins of equal size; mean probability ${round(mlp.meanProbability)}.`,
    ),
  ];
}

function round(/** @type {number} */ value) {
  return Number(value.toPrecision(4));
}
