import { describe, expect, it } from '@jest/globals';
import { Random } from '../random.mjs';
import { tf } from '../tensorflow.mjs';
import { convolve } from './convolution.mjs';

const random = new Random(3);
const numbers = (/** @type {number[]} */ ...shape) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.uniform(1)),
    shape,
  );

describe('convolve', () => {
  const input = /** @type {any} */ (numbers(2, 6, 6, 3));
  const filter = /** @type {any} */ (numbers(3, 3, 3, 4));
  const weights = numbers(2, 6, 6, 4);
  const loss = (/** @type {any} */ x, /** @type {any} */ kernel) =>
    /** @type {import('@tensorflow/tfjs').Scalar} */ (convolve(x, kernel).mul(weights).sum());

  it('has the gradients that small steps show', () => {
    const [ofInput, ofFilter] = tf.grads(loss)([input, filter]);
    const step = 1e-2;
    const slope = (
      /** @type {any} */ of,
      /** @type {number} */ place,
      /** @type {(moved: any) => any} */ run,
    ) => {
      const delta = tf.oneHot(tf.scalar(place, 'int32'), of.size).reshape(of.shape).mul(step);
      return (run(of.add(delta)).dataSync()[0] - run(of.sub(delta)).dataSync()[0]) / (2 * step);
    };
    for (const place of [0, 17, 50, 107]) {
      expect(ofInput?.dataSync()[place]).toBeCloseTo(
        slope(input, place, (moved) => loss(moved, filter)),
        1,
      );
      expect(ofFilter?.dataSync()[place]).toBeCloseTo(
        slope(filter, place, (moved) => loss(input, moved)),
        1,
      );
    }
  });
});
