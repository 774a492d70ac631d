import { HEAD } from '../../models/minilm/sentiment-head.mjs';
import { classify, createWeights } from './head-network.mjs';
import { Random } from '../random.mjs';
import { tf } from '../tensorflow.mjs';

/** @typedef {import('./token-features.mjs').TokenFeatures} TokenFeatures */
/** @typedef {import('./head-network.mjs').Weights} Weights */
/** @typedef {import('@tensorflow/tfjs').Scalar} Scalar */

/** Chosen by cross-validation over the training part. */
export const RECIPE = { epochs: 5, batch: 64, learningRate: 2e-3, warmUp: 0.1, dropout: 0.3, maxGradient: 1 };
/** Batches are cut from sentences that are shuffled, then sorted by length within blocks of so many batches. */
const BLOCK = 16;
const MASKED = -1e9;

/**
 * Trains a head on the named sentences.
 *
 * @param {TokenFeatures} data Standardised.
 * @param {readonly number[]} labels 0 or 1, of every sentence of `data`.
 * @param {readonly number[]} sentences Those to train on.
 * @param {number} seed
 * @returns {Weights}
 */
export function trainHead(data, labels, sentences, seed) {
  const random = new Random(seed);
  const weights = createWeights(random);
  const optimizer = tf.train.adam(RECIPE.learningRate);
  const steps = RECIPE.epochs * Math.ceil(sentences.length / RECIPE.batch);
  let step = 0;
  for (let epoch = 0; epoch < RECIPE.epochs; epoch += 1) {
    for (const rows of cutBatches(sentences, data.lengths, random)) {
      // The rate is no part of the typed interface, but the only way to a schedule.
      Object.assign(optimizer, { learningRate: learningRateAt(step, steps) });
      tf.tidy(() => {
        const batch = toBatch(data, rows, keepFactors(random, rows.length * HEAD.features));
        const pooled = HEAD.views * HEAD.width;
        const dropout = tf.tensor2d(keepFactors(random, rows.length * pooled), [rows.length, pooled]);
        const targets = tf.oneHot(
          rows.map((row) => labels[row] ?? 0),
          HEAD.classes,
        );
        const loss = () =>
          /** @type {Scalar} */ (tf.losses.softmaxCrossEntropy(targets, classify(weights, batch, dropout)));
        const { grads } = tf.variableGrads(loss, Object.values(weights));
        optimizer.applyGradients(clipByNorm(grads));
      });
      step += 1;
    }
  }
  optimizer.dispose();
  return weights;
}

/**
 * The logits of the named sentences, `[sentences, 2]`, in their order.
 *
 * @param {Weights} weights
 * @param {TokenFeatures} data Standardised.
 * @param {readonly number[]} sentences
 * @returns {Float32Array}
 */
export function predictLogits(weights, data, sentences) {
  const logits = new Float32Array(sentences.length * HEAD.classes);
  for (let from = 0; from < sentences.length; from += RECIPE.batch) {
    const rows = sentences.slice(from, from + RECIPE.batch);
    const values = tf.tidy(() => classify(weights, toBatch(data, rows)).dataSync());
    logits.set(values, from * HEAD.classes);
  }
  return logits;
}

/** Linear warm-up, then half a cosine down to zero. @param {number} step @param {number} steps */
function learningRateAt(step, steps) {
  const warmUp = RECIPE.warmUp * steps;
  if (step < warmUp) return (RECIPE.learningRate * (step + 1)) / warmUp;
  return (RECIPE.learningRate * (1 + Math.cos((Math.PI * (step - warmUp)) / (steps - warmUp)))) / 2;
}

/** @param {readonly number[]} sentences @param {Int32Array} lengths @param {Random} random @returns {number[][]} */
function cutBatches(sentences, lengths, random) {
  const shuffled = random.shuffle(sentences);
  /** @type {number[][]} */
  const batches = [];
  for (let from = 0; from < shuffled.length; from += BLOCK * RECIPE.batch) {
    const block = shuffled
      .slice(from, from + BLOCK * RECIPE.batch)
      .sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b);
    for (let i = 0; i < block.length; i += RECIPE.batch) batches.push(block.slice(i, i + RECIPE.batch));
  }
  return random.shuffle(batches);
}

/**
 * @param {TokenFeatures} data
 * @param {readonly number[]} rows
 * @param {Float32Array} [dropout] Factors of the features, `[rows, 1536]`: one for all tokens of a sentence.
 * @returns {import('./head-network.mjs').Batch}
 */
function toBatch({ features, starts, lengths }, rows, dropout) {
  const length = Math.max(...rows.map((row) => lengths[row] ?? 0));
  const tokens = new Float32Array(rows.length * length * HEAD.features);
  const maskBias = new Float32Array(rows.length * length).fill(MASKED);
  rows.forEach((row, index) => {
    const start = starts[row] ?? 0;
    const count = lengths[row] ?? 0;
    const states = features.subarray(start * HEAD.features, (start + count) * HEAD.features);
    const place = index * length * HEAD.features;
    if (dropout === undefined) tokens.set(states, place);
    else {
      const factors = dropout.subarray(index * HEAD.features, (index + 1) * HEAD.features);
      for (let i = 0; i < states.length; i += 1) {
        tokens[place + i] = (states[i] ?? 0) * (factors[i % HEAD.features] ?? 0);
      }
    }
    maskBias.fill(0, index * length, index * length + count);
  });
  return {
    tokens: tf.tensor3d(tokens, [rows.length, length, HEAD.features]),
    maskBias: tf.tensor3d(maskBias, [rows.length, 1, length]),
  };
}

/** 0 at a share of `dropout`, 1 / (1 - dropout) elsewhere. @param {Random} random @param {number} count */
function keepFactors(random, count) {
  const keep = 1 / (1 - RECIPE.dropout);
  return Float32Array.from({ length: count }, () => (random.next() < RECIPE.dropout ? 0 : keep));
}

/** Gradients whose norm, over all of them, is at most `maxGradient`. @param {import('@tensorflow/tfjs').NamedTensorMap} gradients */
function clipByNorm(gradients) {
  const squares = Object.values(gradients).map((gradient) => gradient.square().sum());
  const norm = tf.addN(squares).sqrt();
  const factor = tf.minimum(1, tf.div(RECIPE.maxGradient, norm.add(1e-6)));
  return Object.fromEntries(
    Object.entries(gradients).map(([name, gradient]) => [name, gradient.mul(factor)]),
  );
}
