import { Random } from '../random.mjs';
import { tf } from '../tensorflow.mjs';
import { augmentFilm } from './augment-film.mjs';
import { createLayers, NETWORK, toLogits } from './network.mjs';
import { pixelsOf, SIDE } from './read-films.mjs';

/** @typedef {import('./read-films.mjs').Films} Films */
/** @typedef {import('./network.mjs').Layer} Layer */
/** @typedef {import('@tensorflow/tfjs').Scalar} Scalar */

/** Chosen by cross-validation over the training part. */
export const RECIPE = {
  steps: 1_000,
  batch: 64,
  normalShare: 0.4,
  learningRate: 3e-3,
  warmUp: 0.1,
  dropout: 0.1,
  decay: 1e-4,
};
const AREA = SIDE * SIDE;

/**
 * Trains on the named films, each changed by chance whenever it is seen; films without pneumonia come more often than
 * they are, for they are few.
 *
 * @param {Films} films @param {readonly number[]} rows @param {number} seed @returns {Layer[]}
 */
export function trainNetwork(films, rows, seed) {
  const random = new Random(seed);
  const layers = createLayers(random);
  const optimizer = tf.train.adam(RECIPE.learningRate);
  const draw = [0, 1].map((label) =>
    endless(
      rows.filter((row) => films.labels[row] === label),
      random,
    ),
  );
  for (let step = 0; step < RECIPE.steps; step += 1) {
    // The rate is no part of the typed interface, but the only way to a schedule.
    Object.assign(optimizer, { learningRate: learningRateAt(step) });
    const chosen = Array.from({ length: RECIPE.batch }, (_, i) =>
      /** @type {() => number} */ (draw[i < RECIPE.normalShare * RECIPE.batch ? 0 : 1])(),
    );
    tf.tidy(() => {
      const batch = augmented(films, chosen, random);
      const dropout = keepFactors(random, [RECIPE.batch, NETWORK.channels.at(-1) ?? 0]);
      const targets = tf.tensor1d(
        chosen.map((row) => films.labels[row] ?? 0),
        'float32',
      );
      optimizer.minimize(() => {
        const loss = tf.losses.sigmoidCrossEntropy(targets, toLogits(layers, batch, dropout));
        const squares = layers.map(({ filters }) => filters.square().sum());
        return /** @type {Scalar} */ (loss.add(tf.addN(squares).mul(RECIPE.decay)));
      });
    });
  }
  optimizer.dispose();
  return layers;
}

/**
 * The logits of the named films as they are, `[rows]`.
 *
 * @param {readonly Layer[]} layers @param {Films} films @param {readonly number[]} rows
 */
export function predictLogits(layers, films, rows) {
  const logits = new Float32Array(rows.length);
  for (let from = 0; from < rows.length; from += RECIPE.batch) {
    const chosen = rows.slice(from, from + RECIPE.batch);
    const pixels = new Float32Array(chosen.length * AREA);
    chosen.forEach((row, i) => pixels.set(pixelsOf(films, row), i * AREA));
    const values = tf.tidy(() =>
      toLogits(layers, tf.tensor3d(pixels, [chosen.length, SIDE, SIDE]).div(255)).dataSync(),
    );
    logits.set(values, from);
  }
  return logits;
}

/** Draws rows in a shuffled order, and shuffles them again when they are through. @param {number[]} rows @param {Random} random */
function endless(rows, random) {
  /** @type {number[]} */
  let left = [];
  return () => {
    if (left.length === 0) left = random.shuffle(rows);
    return /** @type {number} */ (left.pop());
  };
}

/** @param {Films} films @param {readonly number[]} rows @param {Random} random */
function augmented(films, rows, random) {
  const batch = new Float32Array(rows.length * AREA);
  rows.forEach((row, i) =>
    augmentFilm(pixelsOf(films, row), batch.subarray(i * AREA, (i + 1) * AREA), random),
  );
  return tf.tensor3d(batch, [rows.length, SIDE, SIDE]);
}

/** 0 at a share of `dropout`, 1 / (1 - dropout) elsewhere. @param {Random} random @param {[number, number]} shape */
function keepFactors(random, shape) {
  const factors = Float32Array.from({ length: shape[0] * shape[1] }, () =>
    random.next() < RECIPE.dropout ? 0 : 1 / (1 - RECIPE.dropout),
  );
  return tf.tensor2d(factors, shape);
}

/** Linear warm-up, then half a cosine down to zero. @param {number} step */
function learningRateAt(step) {
  const warmUp = RECIPE.warmUp * RECIPE.steps;
  if (step < warmUp) return (RECIPE.learningRate * (step + 1)) / warmUp;
  return (RECIPE.learningRate * (1 + Math.cos((Math.PI * (step - warmUp)) / (RECIPE.steps - warmUp)))) / 2;
}
