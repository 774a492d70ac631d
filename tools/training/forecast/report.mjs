/** @typedef {ReturnType<typeof import('./measure.mjs').measure>} Measured */

/**
 * The figures of the model card.
 *
 * @param {string} dataset
 * @param {{ calibrated: Measured, elsewhere: Measured }} measured With the factors that serve, and with those that
 *   were found without the data set's own known parts.
 */
export function describeMetrics(dataset, { calibrated, elsewhere }) {
  const { count, meanOf } = calibrated;
  const whole = `${dataset} (${count} forecasts)`;
  const metric = (/** @type {string} */ name, /** @type {number} */ value, /** @type {string} */ note) => ({
    name,
    value: Number(value.toFixed(3)),
    dataset: whole,
    note,
  });
  const without = (/** @type {'covered80' | 'covered95'} */ name) =>
    `Share of the values within. With factors found on the other data alone: ${elsewhere.meanOf(name).toFixed(3)}.`;
  return [
    metric(
      'MASE',
      meanOf('mase'),
      `Seasonal-naive forecast: ${meanOf('naiveMase').toFixed(3)}; whichever the backtest of each answer calls better: ` +
        `${meanOf('advisedMase').toFixed(3)}.`,
    ),
    metric('sMAPE', meanOf('smape'), `In %. Seasonal-naive forecast: ${meanOf('naiveSmape').toFixed(2)}.`),
    metric('coverage of 80 % intervals', meanOf('covered80'), without('covered80')),
    metric('coverage of 95 % intervals', meanOf('covered95'), without('covered95')),
  ];
}
