import { Random } from '../random.mjs';
import { tf } from '../tensorflow.mjs';

/** @typedef {import('@tensorflow/tfjs').Tensor2D} Tensor2D */
/** @typedef {import('@tensorflow/tfjs').Scalar} Scalar */
/** @typedef {{ kernel: import('@tensorflow/tfjs').Variable, bias: import('@tensorflow/tfjs').Variable }} Layer */
/** Some rows of a table. @typedef {{ features: Float32Array, labels: Uint8Array, width: number }} Rows */
/** `hidden`: units of each hidden layer; none of them makes it logistic regression. @typedef {{ hidden: number[], epochs: number, batch: number, learningRate: number }} Recipe */

/** Chosen on the validation days. */
export const MLP = { hidden: [32, 16], epochs: 24, batch: 512, learningRate: 3e-3 };
/** The rival: the same features, the same training, no hidden layer. */
export const LOGISTIC_REGRESSION = { hidden: [], epochs: 12, batch: 512, learningRate: 2e-2 };

/**
 * Trains on all rows as they are, frauds as rare as they come: so the probabilities need no correction.
 *
 * @param {Rows} rows Standardised.
 * @param {Recipe} recipe
 * @param {number} seed
 * @returns {Layer[]}
 */
export function trainNetwork(rows, recipe, seed) {
  const random = new Random(seed);
  const layers = createLayers([rows.width, ...recipe.hidden, 1], random);
  const optimizer = tf.train.adam(recipe.learningRate);
  const order = [...rows.labels.keys()];
  const steps = recipe.epochs * Math.ceil(order.length / recipe.batch);
  let step = 0;
  for (let epoch = 0; epoch < recipe.epochs; epoch += 1) {
    const shuffled = random.shuffle(order);
    for (let from = 0; from < shuffled.length; from += recipe.batch) {
      // Half a cosine down to zero; the rate is no part of the typed interface, but the only way to a schedule.
      const learningRate = (recipe.learningRate * (1 + Math.cos((Math.PI * step) / steps))) / 2;
      Object.assign(optimizer, { learningRate });
      const { inputs, targets } = takeBatch(rows, shuffled.slice(from, from + recipe.batch));
      const loss = () =>
        /** @type {Scalar} */ (tf.losses.sigmoidCrossEntropy(targets, toLogits(layers, inputs)));
      optimizer.minimize(loss);
      tf.dispose([inputs, targets]);
      step += 1;
    }
  }
  optimizer.dispose();
  return layers;
}

/**
 * The log-odds of fraud for rows of features.
 *
 * @param {Layer[]} layers
 * @param {Float32Array} features Standardised, `[rows, width]`.
 * @param {number} width
 * @returns {Float32Array} `[rows]`
 */
export function predictLogits(layers, features, width) {
  const count = features.length / width;
  return tf.tidy(
    () =>
      /** @type {Float32Array} */ (
        toLogits(layers, tf.tensor2d(features, [count, width]))
          .dataSync()
          .slice()
      ),
  );
}

/** @param {Layer[]} layers @param {Tensor2D} inputs `[batch, width]` @returns {Tensor2D} `[batch, 1]` */
function toLogits(layers, inputs) {
  return layers.reduce((values, { kernel, bias }, index) => {
    const sums = values.matMul(/** @type {Tensor2D} */ (/** @type {unknown} */ (kernel))).add(bias);
    return /** @type {Tensor2D} */ (index < layers.length - 1 ? sums.relu() : sums);
  }, inputs);
}

/** He's initialisation. @param {number[]} units @param {Random} random @returns {Layer[]} */
function createLayers(units, random) {
  return units.slice(1).map((outputs, index) => {
    const inputs = units[index] ?? 0;
    const limit = Math.sqrt(6 / inputs);
    const kernel = Float32Array.from({ length: inputs * outputs }, () => random.uniform(limit));
    return {
      kernel: tf.variable(tf.tensor2d(kernel, [inputs, outputs])),
      bias: tf.variable(tf.zeros([outputs])),
    };
  });
}

/** @param {Rows} rows @param {number[]} chosen */
function takeBatch({ features, labels, width }, chosen) {
  const inputs = new Float32Array(chosen.length * width);
  chosen.forEach((row, i) => inputs.set(features.subarray(row * width, (row + 1) * width), i * width));
  const targets = Float32Array.from(chosen, (row) => labels[row] ?? 0);
  return {
    inputs: tf.tensor2d(inputs, [chosen.length, width]),
    targets: tf.tensor2d(targets, [chosen.length, 1]),
  };
}
