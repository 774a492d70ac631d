import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GraphBuilder } from '@ganglion/inference/onnx-graph';
import { readManifests } from '@ganglion/inference';
import { copyTensor, tensor } from '@ganglion/tensor';
import { REPOSITORY } from '../../start/repository.mjs';
import { layTabularModel } from '../tabular-model.mjs';
import { Random } from '../../training/random.mjs';

/**
 * A model to measure: where its manifest is, and one row of input.
 *
 * @typedef {import('@ganglion/inference').TensorMap} TensorMap
 * @typedef {import('@ganglion/inference').FoundManifest} FoundManifest
 * @typedef {{ name: string, found: FoundManifest, row: () => TensorMap }} Subject
 */

const random = new Random(1);
const noise = (/** @type {number} */ count) => Float32Array.from({ length: count }, () => random.uniform(1));

/** Rows are made once and copied for each call: a run consumes its inputs. */
const SUBJECTS = {
  'efficientnet-lite0': {
    folder: 'tools/bench',
    model: 'efficientnet-lite0',
    row: () => ({ image: tensor('float32', [1, 3, 224, 224], noise(3 * 224 * 224)) }),
  },
  minilm: {
    folder: 'apps/nlp',
    model: 'minilm-sentiment',
    row: () => {
      const ids = BigInt64Array.from({ length: 32 }, () =>
        BigInt(1_000 + Math.floor(random.next() * 20_000)),
      );
      return {
        input_ids: tensor('int64', [1, 32], ids),
        attention_mask: tensor('int64', [1, 32], new BigInt64Array(32).fill(1n)),
      };
    },
  },
  'moonshine-encoder': {
    folder: 'apps/speech-to-text',
    model: 'moonshine-tiny-en-encoder',
    row: () => ({ input_values: tensor('float32', [1, 80_000], noise(80_000)) }),
  },
};

/** @param {keyof typeof SUBJECTS} name @returns {Promise<Subject>} */
export async function openSubject(name) {
  const { folder, model, row } = SUBJECTS[name];
  const manifests = await readManifests(join(REPOSITORY, folder));
  const found = manifests.find(({ manifest }) => manifest.id === model);
  if (found === undefined) throw new Error(`There is no model "${model}" in ${folder}/models.`);
  const made = row();
  return { name, found, row: () => copy(made) };
}

/** @param {TensorMap} inputs @returns {TensorMap} */
function copy(inputs) {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, copyTensor(value)]));
}

/**
 * A perceptron with random weights: `layers` are its widths. `wide` ones stand for models whose batches take
 * milliseconds.
 *
 * @param {string} name
 * @param {readonly number[]} layers
 * @returns {Promise<Subject & { remove: () => Promise<void> }>}
 */
export async function makePerceptron(name, layers) {
  const folder = await mkdtemp(join(tmpdir(), 'ganglion-bench-'));
  const found = await layTabularModel(folder, {
    id: name,
    graph: perceptron(name, layers),
    input: { name: 'x', width: layers[0] ?? 0 },
    output: { name: 'y', width: layers.at(-1) ?? 0 },
  });
  const features = noise(layers[0] ?? 0);
  const row = () => ({ x: tensor('float32', [1, features.length], features.slice()) });
  return { name, found, row, remove: () => rm(folder, { recursive: true }) };
}

/** @param {readonly number[]} layers */
function perceptron(/** @type {string} */ name, layers) {
  const graph = new GraphBuilder({ name });
  let values = graph.input('x', 'float32', ['batch', layers[0] ?? 0]);
  layers.slice(1).forEach((outputs, index) => {
    const inputs = layers[index] ?? 0;
    const kernel = tensor('float32', [inputs, outputs], noise(inputs * outputs));
    const bias = tensor('float32', [outputs], noise(outputs));
    const product = graph.node('MatMul', [values, graph.constant(`kernel_${index}`, kernel)]);
    values = graph.node('Add', [product, graph.constant(`bias_${index}`, bias)]);
    if (index < layers.length - 2) values = graph.node('Relu', [values]);
  });
  graph.node('Identity', [values], { outputs: ['y'] });
  graph.output('y', 'float32', ['batch', layers.at(-1) ?? 0]);
  return graph.toBytes();
}
