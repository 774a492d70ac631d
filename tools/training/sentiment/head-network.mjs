import { HEAD } from '../../models/minilm/sentiment-head.mjs';
import { tf } from '../tensorflow.mjs';

/** @typedef {import('@tensorflow/tfjs').Tensor} Tensor */
/** @typedef {import('@tensorflow/tfjs').Tensor3D} Tensor3D */
/** @typedef {import('@tensorflow/tfjs').Tensor2D} Tensor2D */
/** @typedef {import('@tensorflow/tfjs').Variable} Variable */
/** @typedef {Record<string, Variable>} Weights */
/**
 * Some sentences, padded to one length: `tokens` `[batch, length, 1536]`, `maskBias` `[batch, 1, length]`.
 *
 * @typedef {{ tokens: Tensor3D, maskBias: Tensor3D }} Batch
 */

/** @type {Record<string, [number, number]>} */
const SHAPES = {
  'token.weight': [HEAD.features, HEAD.width],
  'token.bias': [1, HEAD.width],
  'attention.weight': [HEAD.width, HEAD.views],
  'class.weight': [HEAD.width * HEAD.views, HEAD.classes],
  'class.bias': [1, HEAD.classes],
};

/**
 * New weights: random where tokens are read, zero elsewhere, so that training begins from the mean over all tokens.
 *
 * @param {import('../random.mjs').Random} random
 * @returns {Weights}
 */
export function createWeights(random) {
  const limit = Math.sqrt(3 / HEAD.features);
  return Object.fromEntries(
    Object.entries(SHAPES).map(([name, shape]) => {
      const isRandom = name === 'token.weight';
      const data = Float32Array.from({ length: shape[0] * shape[1] }, () =>
        isRandom ? random.uniform(limit) : 0,
      );
      return [name, tf.variable(tf.tensor2d(data, shape))];
    }),
  );
}

/**
 * The logits `[batch, 2]` of negative and positive; the same sums as `addSentimentHead` of the graph.
 *
 * @param {Weights} weights
 * @param {Batch} batch
 * @param {Tensor2D} [dropout] Factors of what was pooled, `[batch, 64]`; only in training.
 * @returns {Tensor2D}
 */
export function classify(weights, { tokens, maskBias }, dropout) {
  const [batch, length] = tokens.shape;
  const weight = (/** @type {string} */ name) => /** @type {Variable} */ (weights[name]);
  const features = project(tokens.reshape([batch * length, HEAD.features]), weight('token.weight'))
    .add(weight('token.bias'))
    .relu();
  const scores = features.matMul(weight('attention.weight')).reshape([batch, length, HEAD.views]);
  const attention = scores.transpose([0, 2, 1]).add(maskBias).softmax(); // [batch, 2, length]
  const pooled = attention
    .matMul(features.reshape([batch, length, HEAD.width]))
    .reshape([batch, HEAD.views * HEAD.width]);
  const kept = dropout === undefined ? pooled : pooled.mul(dropout);
  return /** @type {Tensor2D} */ (kept.matMul(weight('class.weight')).add(weight('class.bias')));
}

/**
 * `tokens` · `weight` with a gradient of its own: that of TensorFlow.js multiplies by a transposed matrix, which
 * WebAssembly does seven times slower than this.
 *
 * @param {Tensor} tokens
 * @param {Variable} weight
 * @returns {Tensor}
 */
function project(tokens, weight) {
  const multiply = tf.customGrad((/** @type {any} */ matrix) => ({
    value: tokens.matMul(matrix),
    gradFunc: (/** @type {Tensor} */ gradient) => gradient.transpose().matMul(tokens).transpose(),
  }));
  return multiply(weight);
}
