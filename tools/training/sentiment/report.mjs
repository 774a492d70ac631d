import { evaluate } from './evaluate.mjs';

/** @typedef {import('./read-sst2.mjs').Sentence} Sentence */

const DATASET = 'SST-2 dev, 872 whole sentences, never trained on';
/** Words of a sentence, from and to. @type {readonly (readonly [number, number])[]} */
const LENGTHS = [
  [1, 10],
  [11, 20],
  [21, 30],
  [31, Infinity],
];

/**
 * The figures of the model card.
 *
 * @param {readonly Sentence[]} sentences
 * @param {readonly number[]} probabilities Of positive.
 */
export function describeMetrics(sentences, probabilities) {
  const all = evaluate(
    probabilities,
    sentences.map(({ label }) => label),
  );
  const { truePositive, falsePositive, trueNegative, falseNegative } = all.confusion;
  const metric = (/** @type {string} */ name, /** @type {number} */ value, /** @type {string} */ note) => ({
    name,
    value: Number(value.toFixed(4)),
    dataset: DATASET,
    note,
  });
  const confusion =
    `positive: ${truePositive} right, ${falseNegative} called negative; ` +
    `negative: ${trueNegative} right, ${falsePositive} called positive`;
  return [
    metric('accuracy', all.accuracy, confusion),
    metric(
      'expected calibration error',
      all.calibrationError,
      '15 bins of equal width over the probability of the label',
    ),
    metric('Brier score', all.brier, 'mean of (probability of positive - label)²'),
    metric('log loss', all.logLoss, 'natural logarithm'),
    ...byLength(sentences, probabilities).map(({ name, count, accuracy }) =>
      metric(`accuracy, ${name}`, accuracy, `${count} sentences`),
    ),
  ];
}

/** @param {readonly Sentence[]} sentences @param {readonly number[]} probabilities */
export function printReport(sentences, probabilities) {
  for (const { name, value, note } of describeMetrics(sentences, probabilities)) {
    console.log(`${name.padEnd(28)} ${value.toFixed(4)}  ${note}`);
  }
}

/** @param {readonly Sentence[]} sentences @param {readonly number[]} probabilities */
function byLength(sentences, probabilities) {
  return LENGTHS.map(([from, to]) => {
    const rows = sentences.flatMap(({ text, label }, i) => {
      const words = text.split(' ').length;
      return words >= from && words <= to ? [{ label, probability: probabilities[i] ?? 0 }] : [];
    });
    const { accuracy } = evaluate(
      rows.map(({ probability }) => probability),
      rows.map(({ label }) => label),
    );
    return {
      name: to === Infinity ? `over ${from - 1} words` : `${from} to ${to} words`,
      count: rows.length,
      accuracy,
    };
  });
}
