import { tf } from '../tensorflow.mjs';
import { convolve } from './convolution.mjs';
import { SIDE } from './read-films.mjs';

/** @typedef {import('@tensorflow/tfjs').Tensor} Tensor */
/** @typedef {import('@tensorflow/tfjs').Tensor4D} Tensor4D */
/** @typedef {import('@tensorflow/tfjs').Variable} Variable */
/** `filters` `[3, 3, channels, filters]`, at the end `[channels, 1]`. @typedef {{ filters: Variable, bias: Variable }} Layer */

/** Filters of each convolution; the film is halved before the layers that `halved` names. */
export const NETWORK = { channels: [24, 24, 48, 48], halved: 2, block: 2 };
/** Added to the variance of a film, so that one of a single shade becomes zero. On the scale 0 to 1. */
export const EPSILON = 1e-4;

/** He's initialisation. @param {import('../random.mjs').Random} random @returns {Layer[]} */
export function createLayers(random) {
  const { channels, block } = NETWORK;
  const shapes = channels.map((filters, index) => [3, 3, channels[index - 1] ?? block ** 2, filters]);
  shapes.push([channels.at(-1) ?? 0, 1]);
  return shapes.map((shape) => {
    const inputs = shape.slice(0, -1).reduce((product, axis) => product * axis, 1);
    const limit = Math.sqrt((shape.length === 4 ? 6 : 3) / inputs);
    const values = Float32Array.from({ length: inputs * (shape.at(-1) ?? 0) }, () => random.uniform(limit));
    return {
      filters: tf.variable(tf.tensor(values, shape)),
      bias: tf.variable(tf.zeros([shape.at(-1) ?? 0])),
    };
  });
}

/**
 * The logits `[films]` of pneumonia; the same sums as the graph that `exportGraph` writes.
 *
 * @param {readonly Layer[]} layers
 * @param {Tensor} films `[films, 28, 28]`, 0 to 1
 * @param {Tensor} [dropout] Factors of what was pooled, `[films, 48]`; only in training.
 * @returns {Tensor}
 */
export function toLogits(layers, films, dropout) {
  /** @type {Tensor4D} */
  let values = toBlocks(standardise(films));
  layers.slice(0, -1).forEach(({ filters, bias }, index) => {
    if (index === NETWORK.halved) values = tf.maxPool(values, 2, 2, 'valid');
    values = convolve(values, filters).add(bias).relu();
  });
  const pooled = values.mean([1, 2]);
  const { filters, bias } = /** @type {Layer} */ (layers.at(-1));
  return (dropout === undefined ? pooled : pooled.mul(dropout))
    .matMul(/** @type {any} */ (filters))
    .add(bias)
    .reshape([-1]);
}

/** Each film to mean 0 and variance 1, so that its exposure tells nothing. @param {Tensor} films */
function standardise(films) {
  const { mean, variance } = tf.moments(films, [1, 2], true);
  return films.sub(mean).div(variance.add(EPSILON).sqrt());
}

/** Blocks of 2 x 2 pixels become channels. @param {Tensor} films @returns {Tensor4D} `[films, 14, 14, 4]` */
function toBlocks(films) {
  const { block } = NETWORK;
  const side = SIDE / block;
  return /** @type {Tensor4D} */ (
    films
      .reshape([-1, side, block, side, block])
      .transpose([0, 1, 3, 2, 4])
      .reshape([-1, side, side, block ** 2])
  );
}
