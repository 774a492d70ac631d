import { tf } from '../tensorflow.mjs';

/** @typedef {import('@tensorflow/tfjs').Tensor4D} Tensor4D */

/**
 * A convolution of 3 x 3, padded by one pixel, with gradients of its own: TensorFlow.js has no kernel in WebAssembly for
 * that of the filter, and a slow one for that of the input. Both are convolutions again: of the input by the gradient with
 * films and channels exchanged, and of the gradient by the filter turned round.
 *
 * @param {Tensor4D} input `[films, height, width, channels]`
 * @param {import('@tensorflow/tfjs').Variable} filter `[3, 3, channels, filters]`
 * @returns {Tensor4D} `[films, height, width, filters]`
 */
export function convolve(input, filter) {
  const operation = tf.customGrad((/** @type {any[]} */ ...[x, kernel, save]) => {
    save([x, kernel]);
    return { value: tf.conv2d(x, kernel, 1, 1), gradFunc: gradients };
  });
  return /** @type {Tensor4D} */ (operation(input, filter));
}

/** @param {any} output Gradient of what came out. @param {any[]} saved */
function gradients(output, [x, kernel]) {
  const turned = tf.reverse(kernel, [0, 1]).transpose([0, 1, 3, 2]);
  const products = tf.conv2d(x.transpose([3, 1, 2, 0]), output.transpose([1, 2, 0, 3]), 1, 1);
  return [tf.conv2d(output, turned, 1, 1), products.transpose([1, 2, 0, 3])];
}
