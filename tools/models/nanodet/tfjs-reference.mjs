import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';

/** What TensorFlow.js computes with, for manifests and notes. */
export const REFERENCE = `@tensorflow/tfjs ${tf.version.tfjs}, cpu`;

/** The graph's own input size; its outputs in the order of strides 8, 16, 32. */
const SIDE = 416;
const OUTPUTS = ['Identity', 'Identity_1', 'Identity_2', 'Identity_3', 'Identity_4', 'Identity_5'];

/**
 * Runs the publisher's own graph on a square input of any size that is a multiple of 32: the sizes that the graph
 * resizes to are constants of it, and shrink alike.
 *
 * @param {string} folder Where nanodet.json and nanodet.bin lie.
 * @param {import('@ganglion/tensor').Tensor<'float32'>} image `[1, 3, side, side]`
 * @returns {Promise<{ shape: number[], data: Float32Array }[]>} Scores of each stride, then sides of each.
 */
export async function tfjsReference(folder, image) {
  await tf.setBackend('cpu');
  const side = image.shape[2] ?? SIDE;
  const json = JSON.parse(await readFile(join(folder, 'nanodet.json'), 'utf8'));
  const file = await readFile(join(folder, 'nanodet.bin'));
  const weightData = Uint8Array.from(file).buffer;
  const model = await tf.loadGraphModel({
    load: async () => ({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest[0].weights,
      weightData,
    }),
  });
  resizeGraph(model, side / SIDE);
  const input = tf.tensor(image.data, [...image.shape]);
  // The graph says 416 x 416 of its placeholder; the executor itself takes any size.
  const executor = /** @type {any} */ (model).executor;
  executor.checkInputShapeAndType = () => {};
  const outputs = /** @type {import('@tensorflow/tfjs').Tensor[]} */ (
    model.execute({ input_1: input }, OUTPUTS)
  );
  return outputs.map((output) => ({
    shape: output.shape,
    data: /** @type {Float32Array} */ (output.dataSync()),
  }));
}

/** Multiplies the constants by which the graph resizes. */
function resizeGraph(/** @type {tf.GraphModel} */ model, /** @type {number} */ factor) {
  for (const name of ['Cast_1', 'Cast_3', 'Cast_5', 'Cast_7']) {
    const weights = /** @type {Record<string, tf.Tensor[]>} */ (/** @type {any} */ (model).weights);
    const [size] = weights[`PartitionedCall/${name}`] ?? [];
    if (size === undefined) throw new Error(`The graph has no constant ${name}.`);
    weights[`PartitionedCall/${name}`] = [tf.mul(size, factor).cast('int32')];
  }
}
