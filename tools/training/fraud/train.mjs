/**
 * Trains the model `fraud-mlp` on the simulated transactions of the Fraud Detection Handbook, measures it on later days
 * beside logistic regression, and writes it, its graph and its figures into apps/fraud-detection/models. The same seed
 * gives the same bytes. The service must be built: its own functions make the features.
 *
 * Usage: GANGLION_DATA=<folder> node tools/training/fraud/train.mjs --seed 7 [--validate]
 *        --validate measures on the validation days, to choose by, and writes nothing.
 */
import { Random } from '../random.mjs';
import { buildFeatures, FEATURES } from './build-features.mjs';
import { evaluate } from './evaluate.mjs';
import { exportGraph } from './export-graph.mjs';
import { LOGISTIC_REGRESSION, MLP, predictLogits, trainNetwork } from './network.mjs';
import { readTransactions } from './read-transactions.mjs';
import { describeMetrics } from './report.mjs';
import { rowsOfDays, SPLIT } from './split-days.mjs';
import { measureStandard, standardise } from './standardise.mjs';
import { measureRanges, summariseBackground } from './summarise.mjs';
import { say, trainCommand } from '../train-command.mjs';
import { writeModel } from '../write-model.mjs';

const WIDTH = FEATURES.length;
const PROBE_POINTS = 6;

/** @typedef {import('./read-transactions.mjs').Transaction} Transaction */
/** @typedef {import('./network.mjs').Layer} Layer */
/** @typedef {import('./standardise.mjs').Standard} Standard */

async function train(/** @type {number} */ seed, /** @type {boolean} */ isValidation) {
  const transactions = await readTransactions(process.env.GANGLION_DATA);
  const days = isValidation ? SPLIT.validation : SPLIT.test;
  const usualAmount = meanAmount(transactions, days.train);
  say(`${transactions.length} transactions; making features ...`);
  const table = buildFeatures(transactions, { firstDay: SPLIT.firstDay, usualAmount });
  const seen = rowsOfDays(table, days.train);
  const unseen = rowsOfDays(table, days.measure);
  const standard = measureStandard(seen.features, WIDTH);
  const rows = { features: standardise(seen.features, standard), labels: seen.labels, width: WIDTH };

  const measure = (/** @type {Layer[]} */ layers) =>
    evaluate({ ...unseen, scores: predictLogits(layers, standardise(unseen.features, standard), WIDTH) });
  say(`Training on ${seen.labels.length} transactions, measuring on ${unseen.labels.length} ...`);
  const rival = measure(trainNetwork(rows, LOGISTIC_REGRESSION, seed));
  say(`Logistic regression: ${JSON.stringify(rival)}`);
  const layers = trainNetwork(rows, MLP, seed);
  const figures = measure(layers);
  say(`Network:             ${JSON.stringify(figures)}`);
  if (isValidation) return;

  const ranges = measureRanges(seen.features, WIDTH);
  const background = summariseBackground(seen, predictLogits(layers, rows.features, WIDTH));
  await writeModel({ app: 'fraud-detection', id: 'fraud-mlp' }, exportGraph(layers, standard), {
    preprocessing: { usualAmount, ranges, background },
    probe: makeProbe(layers, standard, { ranges, seed }),
    metrics: describeMetrics(figures, rival),
  });
}

/** @param {readonly Transaction[]} transactions @param {number[]} days */
function meanAmount(transactions, [first = 0, last = 0]) {
  const amounts = transactions.filter(({ day }) => day >= first && day <= last).map(({ amount }) => amount);
  return Math.round((100 * amounts.reduce((sum, amount) => sum + amount, 0)) / amounts.length) / 100;
}

/**
 * Random points within the ranges, and what the network that was trained says to them.
 *
 * @param {Layer[]} layers
 * @param {Standard} standard
 * @param {{ ranges: number[][], seed: number }} options
 */
function makeProbe(layers, standard, { ranges, seed }) {
  const random = new Random(seed);
  const points = Float32Array.from({ length: PROBE_POINTS * WIDTH }, (_, index) => {
    const [least = 0, most = 0] = ranges[index % WIDTH] ?? [];
    return Math.round(1e3 * (least + random.next() * (most - least))) / 1e3;
  });
  const data = [...predictLogits(layers, standardise(points, standard), WIDTH)];
  return {
    name: 'random-points',
    inputs: { features: toJson([1, PROBE_POINTS, WIDTH], points) },
    outputs: { log_odds: toJson([1, PROBE_POINTS], data) },
    tolerance: { absolute: 1e-4, relative: 1e-4 },
    reference: 'The network as trained, in TensorFlow.js 4.22.0 (wasm), standardising first',
  };
}

/** @param {number[]} shape @param {Iterable<number>} values */
function toJson(shape, values) {
  return { dtype: 'float32', shape, data: Array.from(values, (value) => Number(value.toPrecision(7))) };
}

await trainCommand((seed, { validate }) => train(seed, validate), ['validate']);
