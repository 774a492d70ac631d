/**
 * Trains the head of the model `minilm-sentiment` on SST-2, calibrates it, measures it on sentences that it never saw,
 * and writes it, its graph and its figures into apps/nlp/models. The same seed gives the same bytes.
 *
 * Usage: GANGLION_DATA=<folder> node tools/training/sentiment/train.mjs --seed 7
 */
import { makeSentimentGraph } from '../../models/minilm/sentiment-graph.mjs';
import { findTemperature, toProbabilities } from './calibrate.mjs';
import { evaluate } from './evaluate.mjs';
import { exportHead } from './export-head.mjs';
import { openMinilm } from './minilm-session.mjs';
import { readPulledFile, writeModel } from './model-folder.mjs';
import { Random } from '../random.mjs';
import { readSst2 } from './read-sst2.mjs';
import { describeMetrics, printReport } from './report.mjs';
import { measureStandard, standardise } from './standardise.mjs';
import { readTokenFeatures } from './token-features.mjs';
import { say, trainCommand } from '../train-command.mjs';
import { predictLogits, trainHead } from './train-head.mjs';

const FOLDS = 5;

/** @typedef {import('./read-sst2.mjs').Sentence} Sentence */
/** @typedef {import('./minilm-session.mjs').MinilmFiles} MinilmFiles */

async function train(/** @type {number} */ seed) {
  const sentences = await readSst2(process.env.GANGLION_DATA, 'train');
  const unseen = await readSst2(process.env.GANGLION_DATA, 'dev');
  const minilm = {
    weights: await readPulledFile('model.safetensors'),
    tokenizer: await readPulledFile('tokenizer.json'),
  };
  say(`MiniLM reads ${sentences.length} sentences ...`);
  const data = await readTokenFeatures(
    sentences.map(({ text }) => text),
    minilm,
  );
  const standard = measureStandard(data.features);
  standardise(data.features, standard);
  const labels = sentences.map(({ label }) => label);

  const logits = crossValidate(data, labels, seed);
  const temperature = findTemperature(logits, labels);
  say(`Cross-validated: ${JSON.stringify(evaluate(toProbabilities(logits, temperature), labels))}`);

  say(`Training on all of them; temperature ${temperature.toFixed(4)} ...`);
  const weights = trainHead(data, labels, [...labels.keys()], seed);
  const values = Object.entries(weights).map(([name, weight]) => [
    name,
    /** @type {Float32Array} */ (weight.dataSync()),
  ]);
  const head = exportHead(Object.fromEntries(values), standard, temperature);
  const graph = makeSentimentGraph(minilm.weights, head);

  const probabilities = await classifyAll(unseen, graph, { ...minilm, head });
  printReport(unseen, probabilities);
  await writeModel({ 'head.safetensors': head, 'graph.onnx': graph }, describeMetrics(unseen, probabilities));
}

/**
 * The logits `[sentences, 2]` of every sentence, by a head that was trained on the other four fifths.
 *
 * @param {import('./token-features.mjs').TokenFeatures} data
 * @param {readonly number[]} labels
 * @param {number} seed
 */
function crossValidate(data, labels, seed) {
  const shuffled = new Random(seed).shuffle([...labels.keys()]);
  const logits = new Float32Array(2 * labels.length);
  for (let fold = 0; fold < FOLDS; fold += 1) {
    say(`Fold ${fold + 1} of ${FOLDS} ...`);
    const held = shuffled.filter((_, i) => i % FOLDS === fold);
    const weights = trainHead(
      data,
      labels,
      shuffled.filter((_, i) => i % FOLDS !== fold),
      seed + 1 + fold,
    );
    const rows = predictLogits(weights, data, held);
    held.forEach((sentence, i) => logits.set(rows.subarray(2 * i, 2 * i + 2), 2 * sentence));
    for (const weight of Object.values(weights)) weight.dispose();
  }
  return logits;
}

/**
 * The probability of positive by the graph that serves.
 *
 * @param {readonly Sentence[]} sentences
 * @param {Uint8Array} graph
 * @param {MinilmFiles} files
 */
async function classifyAll(sentences, graph, files) {
  const session = await openMinilm(graph, files);
  const logits = new Float32Array(2 * sentences.length);
  await session.run(
    sentences.map(({ text }) => session.tokenise(text)),
    (outputs, rows) => {
      const values = /** @type {Float32Array} */ (
        /** @type {import('onnxruntime-node').Tensor} */ (outputs.logits).data
      );
      rows.forEach((row, i) => logits.set(values.subarray(2 * i, 2 * i + 2), 2 * row));
    },
  );
  return toProbabilities(logits, 1);
}

await trainCommand(train);
