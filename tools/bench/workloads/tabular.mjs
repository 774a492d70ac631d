import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GraphBuilder } from '@ganglion/inference/onnx-graph';
import { tensor } from '@ganglion/tensor';
import ort from 'onnxruntime-node';
import { Random } from '../../training/random.mjs';
import { expectAlike } from './workload.mjs';

const WIDTHS = /** @type {const} */ ([30, 64, 32, 1]);
const ROWS = 64;
const SEED = 1;

/**
 * A small network over a row of 30 numbers, with seeded weights: what a server costs beside its model.
 *
 * @param {string} folder
 * @returns {Promise<import('./workload.mjs').Workload>}
 */
export async function makeTabular(folder) {
  const random = new Random(SEED);
  await writeFile(join(folder, 'graph.onnx'), makeGraph(random));
  const inputs = Array.from({ length: ROWS }, () => ({
    features: Array.from({ length: WIDTHS[0] }, () => Number(random.uniform(1).toFixed(4))),
  }));
  const expected = await scoresOf(folder, inputs);
  return {
    name: 'tabular',
    folder,
    inputs,
    expected,
    feeds: inputs.map(({ features }) => ({
      features: { type: 'float32', data: Float32Array.from(features), dims: [1, WIDTHS[0]] },
    })),
    verify: (answer, index) => expectAlike(answer, expected[index], () => 1e-5),
  };
}

/** `features` float32 `[batch, 30]` -> `score` float32 `[batch, 1]`, 0..1. */
export function makeGraph(/** @type {Random} */ random) {
  const graph = new GraphBuilder({ name: 'tabular' });
  let value = graph.input('features', 'float32', ['batch', WIDTHS[0]]);
  for (let layer = 1; layer < WIDTHS.length; layer++) {
    const [from, to] = /** @type {[number, number]} */ ([WIDTHS[layer - 1], WIDTHS[layer]]);
    const weights = (/** @type {string} */ name, /** @type {number[]} */ shape) => {
      const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () =>
        random.uniform(Math.sqrt(6 / from)),
      );
      return graph.constant(`${name}_${layer}`, tensor('float32', shape, data));
    };
    const sum = graph.node('Gemm', [value, weights('weight', [from, to]), weights('bias', [to])]);
    const isLast = layer === WIDTHS.length - 1;
    value = isLast ? graph.node('Sigmoid', [sum], { outputs: ['score'] })[0] : graph.node('Relu', [sum]);
  }
  graph.output(value, 'float32', ['batch', 1]);
  return graph.toBytes();
}

/** @param {string} folder @param {readonly { features: number[] }[]} inputs */
async function scoresOf(folder, inputs) {
  const session = await ort.InferenceSession.create(join(folder, 'graph.onnx'));
  const rows = Float32Array.from(inputs.flatMap(({ features }) => features));
  const { score } = await session.run({
    features: new ort.Tensor('float32', rows, [inputs.length, WIDTHS[0]]),
  });
  await session.release();
  return Array.from(/** @type {Float32Array} */ (score?.data), (value) => ({ score: value }));
}
