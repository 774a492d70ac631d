import { GraphBuilder } from '@ganglion/inference/onnx-graph';
import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import ort from 'onnxruntime-node';
import { GraphTranslator } from './graph-translator.mjs';
import { readGraphModel } from './read-graph-model.mjs';

tf.enableProdMode();

const NHWC = Buffer.from('NHWC').toString('base64');
const VALID = Buffer.from('VALID').toString('base64');
const strides = (/** @type {number} */ stride) => ({
  list: { i: ['1', `${stride}`, `${stride}`, '1'] },
});
const to = (/** @type {number[]} */ ...values) => Int32Array.from(values);
const kernel = Float32Array.from({ length: 3 * 3 * 2 * 4 }, (_, i) => Math.sin(i * 1.7));

/** Constants, by name: values and shape. @type {Record<string, [Float32Array | Int32Array, number[]]>} */
const CONSTANTS = {
  paddings: [to(0, 0, 0, 0, 1, 1, 1, 1), [4, 2]],
  toNhwc: [to(0, 2, 3, 1), [4]],
  toNchw: [to(0, 3, 1, 2), [4]],
  kernel: [kernel, [3, 3, 2, 4]],
  bias: [Float32Array.of(0.1, -0.2, 0.3, -0.4), [4]],
  channelAxis: [to(1), []],
  size: [to(8, 8), [2]],
  parts: [to(6, 2), [2]],
  shapeHead: [to(1, 6, -1), [3]],
  noIndices: [to(), [0, 1]],
  noValues: [to(), [0]],
  rank: [to(3), [1]],
  zero: [to(0), []],
  lastFirst: [to(0, 2, 1), [3]],
};

const window = { padding: { s: VALID }, data_format: { s: NHWC } };
const bilinear = { align_corners: { b: false }, half_pixel_centers: { b: true } };
/** Name, operator, inputs, attributes: every operator that is translated. @type {[string, string, string[], object][]} */
const NODES = [
  ['padded', 'Pad', ['image', 'paddings'], {}],
  ['nhwc', 'Transpose', ['padded', 'toNhwc'], {}],
  ['conv', 'Conv2D', ['nhwc', 'kernel'], { ...window, strides: strides(1), dilations: strides(1) }],
  ['biased', 'Add', ['conv', 'bias'], {}],
  ['leaky', 'LeakyRelu', ['biased'], { alpha: { f: 0.1 } }],
  ['pool', 'MaxPool', ['leaky'], { ...window, strides: strides(2), ksize: strides(2) }],
  ['up', 'ResizeBilinear', ['pool', 'size'], bilinear],
  ['sum', 'Add', ['up', 'leaky'], {}],
  ['nchw', 'Transpose', ['sum', 'toNchw'], {}],
  ['wide', 'ConcatV2', ['nchw', 'nchw', 'channelAxis'], {}],
  ['split', 'SplitV', ['wide', 'parts', 'channelAxis'], { num_split: { i: '2' } }],
  ['sigmoid', 'Sigmoid', ['split'], {}],
  ['shapeTail', 'SparseToDense', ['noIndices', 'rank', 'noValues', 'zero'], {}],
  ['shape', 'AddV2', ['shapeHead', 'shapeTail'], {}],
  ['flat', 'Reshape', ['sigmoid', 'shape'], {}],
  ['turned', 'Transpose', ['flat', 'lastFirst'], {}],
  ['first', 'Identity', ['turned'], {}],
  ['second', 'Identity', ['split:1'], {}],
];

/** A graph that TensorFlow.js runs, and its weights. */
function graphModel() {
  const dtypeOf = (/** @type {object} */ data) => (data instanceof Int32Array ? 'int32' : 'float32');
  const node = [
    {
      name: 'image',
      op: 'Placeholder',
      attr: {
        dtype: { type: 'DT_FLOAT' },
        shape: { shape: { dim: [1, 2, 8, 8].map((size) => ({ size })) } },
      },
    },
    ...Object.entries(CONSTANTS).map(([name, [data]]) => ({
      name,
      op: 'Const',
      attr: { dtype: { type: dtypeOf(data) === 'int32' ? 'DT_INT32' : 'DT_FLOAT' } },
    })),
    ...NODES.map(([name, op, input, attr]) => ({ name, op, input, attr })),
  ];
  const weights = Object.entries(CONSTANTS).map(([name, [data, shape]]) => ({
    name,
    shape,
    dtype: dtypeOf(data),
  }));
  const bytes = Buffer.concat(
    Object.values(CONSTANTS).map(([data]) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
  );
  const manifest = [{ paths: ['weights.bin'], weights }];
  return {
    json: {
      format: 'graph-model',
      modelTopology: { node, versions: { producer: 1 } },
      weightsManifest: manifest,
    },
    bytes,
  };
}

async function runTfjs(/** @type {Float32Array} */ image) {
  await tf.setBackend('cpu');
  const { json, bytes } = graphModel();
  const model = await tf.loadGraphModel({
    load: async () => ({
      modelTopology: json.modelTopology,
      weightSpecs: /** @type {any} */ (json.weightsManifest[0]?.weights),
      weightData: Uint8Array.from(bytes).buffer,
    }),
  });
  const outputs = model.execute({ image: tf.tensor(image, [1, 2, 8, 8]) }, ['first', 'second']);
  return /** @type {import('@tensorflow/tfjs').Tensor[]} */ (outputs).map((output) => ({
    dims: output.shape,
    data: [...output.dataSync()],
  }));
}

function translated() {
  const { json, bytes } = graphModel();
  const graph = new GraphBuilder();
  const translator = new GraphTranslator(graph, {
    model: readGraphModel(json),
    bytes,
    location: 'weights.bin',
  });
  translator.input('image', { name: 'x', channels: 2, height: 8 });
  translator.output('first', { name: 'one', shape: ['batch', 'cells', 6] });
  translator.output('second', { name: 'two', shape: ['batch', 2, 'height', 'width'] });
  return { graph: graph.toBytes(), externalData: [{ path: 'weights.bin', data: Uint8Array.from(bytes) }] };
}

describe('a TensorFlow.js graph as ONNX', () => {
  it('computes what TensorFlow.js computes', async () => {
    const image = Float32Array.from({ length: 2 * 8 * 8 }, (_, i) => Math.cos(i * 0.37));
    const { graph, externalData } = translated();
    const session = await ort.InferenceSession.create(graph, { externalData });
    const { one, two } = await session.run({ x: new ort.Tensor('float32', image, [1, 2, 8, 8]) });
    const expected = await runTfjs(image);
    [one, two].forEach((output, index) => {
      expect(output?.dims).toEqual(expected[index]?.dims);
      const values = [.../** @type {Float32Array} */ (output?.data)];
      const differences = values.map((value, i) => Math.abs(value - (expected[index]?.data[i] ?? Infinity)));
      expect(Math.max(...differences)).toBeLessThan(1e-5);
    });
  });

  it('takes other batches and sizes', async () => {
    const { graph, externalData } = translated();
    const session = await ort.InferenceSession.create(graph, { externalData });
    const image = new ort.Tensor('float32', new Float32Array(3 * 2 * 16 * 4), [3, 2, 16, 4]);
    const { one } = await session.run({ x: image });
    expect(one?.dims).toEqual([3, 64, 6]);
  });

  it('is refused by the name of what cannot be translated', () => {
    const { json, bytes } = graphModel();
    const sigmoid = json.modelTopology.node.find(({ name }) => name === 'sigmoid');
    Object.assign(sigmoid ?? {}, { op: 'Erf' });
    const model = readGraphModel(json);
    const translator = new GraphTranslator(new GraphBuilder(), { model, bytes, location: 'weights.bin' });
    translator.input('image', { name: 'x', channels: 2, height: 8 });
    expect(() => translator.output('first', { name: 'one', shape: [] })).toThrow(
      '"sigmoid": Erf is not supported.',
    );
  });
});
