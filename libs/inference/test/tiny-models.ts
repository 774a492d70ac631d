import { bytesOf, tensor, type AnyDType } from '@ganglion/tensor';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import ort from 'onnxruntime-node';
import { dirname, join } from 'node:path';
import type { EngineModel, EngineSettings, ModelFile } from '../src/engine.js';
import { GraphBuilder } from '../src/onnx-graph/index.js';

export const settings: EngineSettings = { device: { provider: 'cpu', index: 0 }, intraOpThreads: 1 };

/** One row for a tiny model. */
export const row = (a: number, b: number) => ({ x: tensor('float32', [1, 2], Float32Array.of(a, b)) });

/** `[2, 3]`, row-major. */
const WEIGHTS = [1, 2, 3, 4, 5, 6];
const BIAS = [0.5, -0.5, 0];

/** What every tiny model computes: y = x · W + b, for rows of two numbers. */
export function expectedOutput(rows: readonly (readonly [number, number])[]): number[] {
  return rows.flatMap(([a, b]) =>
    BIAS.map((bias, column) => a * WEIGHTS[column]! + b * WEIGHTS[column + 3]! + bias),
  );
}

const weightBytes = bytesOf(tensor('float32', [9], Float32Array.from([...WEIGHTS, ...BIAS])));

/** y = x · W + b as ONNX, its weights in a file of their own. */
export function tinyOnnx(folder: string, location = 'weights.bin'): Promise<EngineModel> {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', ['batch', 2]);
  const external = (name: string, shape: number[], offset: number) =>
    graph.externalTensor(name, {
      dtype: 'float32',
      shape,
      location,
      offset,
      length: 4 * shape.reduce((product, axis) => product * axis, 1),
    });
  const product = graph.node('MatMul', [x, external('weights', [2, 3], 0)]);
  const [y] = graph.node('Add', [product, external('bias', [3], 24)], { outputs: ['y'] });
  graph.output(y, 'float32', ['batch', 3]);
  return writeModel(folder, 'onnx', { 'model.onnx': graph.toBytes(), 'weights.bin': weightBytes });
}

/** The same as ONNX Runtime's own format, which holds its weights: written by the ONNX Runtime that will read it. */
export async function tinyOrt(folder: string): Promise<EngineModel> {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', ['batch', 2]);
  const weights = graph.constant('weights', tensor('float32', [2, 3], Float32Array.from(WEIGHTS)));
  const bias = graph.constant('bias', tensor('float32', [3], Float32Array.from(BIAS)));
  const [y] = graph.node('Add', [graph.node('MatMul', [x, weights]), bias], { outputs: ['y'] });
  graph.output(y, 'float32', ['batch', 3]);
  const location = join(folder, 'written.ort');
  const session = await ort.InferenceSession.create(graph.toBytes(), {
    optimizedModelFilePath: location,
    graphOptimizationLevel: 'basic',
    extra: { 'session.save_model_format': 'ORT' },
  });
  await session.release();
  return writeModel(folder, 'onnx', { 'model.ort': await readFile(location) });
}

/** A model that gives back what it gets, an input and an output of each dtype: `float32` and `float32_out`, and so on. */
export function echoOnnx(folder: string, dtypes: readonly AnyDType[]): Promise<EngineModel> {
  const graph = new GraphBuilder();
  for (const dtype of dtypes) {
    const x = graph.input(dtype, dtype, ['batch']);
    const [y] = graph.node('Identity', [x], { outputs: [`${dtype}_out`] });
    graph.output(y, dtype, ['batch']);
  }
  return writeModel(folder, 'onnx', { 'model.onnx': graph.toBytes() });
}

/** Weights that the graph places wherever it likes in a file of 36 bytes, so it may lie. */
export function onnxWithWeights(
  folder: string,
  { shape = [9], offset = 0 }: { readonly shape?: number[]; readonly offset?: number },
): Promise<EngineModel> {
  const graph = new GraphBuilder();
  const length = 4 * shape.reduce((product, axis) => product * axis, 1);
  const weights = { dtype: 'float32', shape, location: 'weights.bin', offset, length } as const;
  const sum = graph.node('Mul', [
    graph.input('x', 'float32', ['batch', 2]),
    graph.node('ReduceSum', [graph.externalTensor('weights', weights)]),
  ]);
  graph.output(sum, 'float32', ['batch', 2]);
  return writeModel(folder, 'onnx', { 'model.onnx': graph.toBytes(), 'weights.bin': weightBytes });
}

const weightsManifest = (path: string, names: readonly [string, string]) => [
  {
    paths: [path],
    weights: [
      { name: names[0], shape: [2, 3], dtype: 'float32' },
      { name: names[1], shape: [3], dtype: 'float32' },
    ],
  },
];

/** y = x · W + b as a graph model of TensorFlow.js. */
export function tinyTfjsGraph(folder: string, location = 'weights.bin'): Promise<EngineModel> {
  const dtype = { type: 'DT_FLOAT' };
  const shape = (sizes: readonly string[]) => ({
    shape: { shape: { dim: sizes.map((size) => ({ size })) } },
  });
  const constant = (name: string) => ({
    name,
    op: 'Const',
    attr: { dtype, value: { tensor: { dtype: 'DT_FLOAT' } } },
  });
  const model = {
    format: 'graph-model',
    modelTopology: {
      node: [
        { name: 'x', op: 'Placeholder', attr: { dtype, ...shape(['-1', '2']) } },
        constant('weights'),
        constant('bias'),
        { name: 'product', op: 'MatMul', input: ['x', 'weights'], attr: { T: dtype } },
        { name: 'y', op: 'AddV2', input: ['product', 'bias'], attr: { T: dtype } },
      ],
      versions: { producer: 1 },
    },
    signature: {
      inputs: {
        x: { name: 'x:0', dtype: 'DT_FLOAT', tensorShape: { dim: [{ size: '-1' }, { size: '2' }] } },
      },
      outputs: {
        y: { name: 'y:0', dtype: 'DT_FLOAT', tensorShape: { dim: [{ size: '-1' }, { size: '3' }] } },
      },
    },
    weightsManifest: weightsManifest(location, ['weights', 'bias']),
  };
  return writeTfjs(folder, model);
}

/** The same as {@link echoOnnx}, as a graph model of TensorFlow.js. */
export function echoTfjs(folder: string, dtypes: readonly AnyDType[]): Promise<EngineModel> {
  const names: Partial<Record<AnyDType, string>> = {
    float32: 'DT_FLOAT',
    int32: 'DT_INT32',
    bool: 'DT_BOOL',
    string: 'DT_STRING',
  };
  const info = (dtype: AnyDType) => ({ dtype: names[dtype], tensorShape: { dim: [{ size: '-1' }] } });
  const shape = { shape: { dim: [{ size: '-1' }] } };
  const model = {
    format: 'graph-model',
    modelTopology: {
      node: dtypes.flatMap((dtype) => {
        const type = { type: names[dtype] };
        return [
          { name: dtype, op: 'Placeholder', attr: { dtype: type, shape } },
          { name: `${dtype}_out`, op: 'Identity', input: [dtype], attr: { T: type } },
        ];
      }),
      versions: { producer: 1 },
    },
    signature: {
      inputs: Object.fromEntries(dtypes.map((dtype) => [dtype, { name: `${dtype}:0`, ...info(dtype) }])),
      outputs: Object.fromEntries(
        dtypes.map((dtype) => [`${dtype}_out`, { name: `${dtype}_out:0`, ...info(dtype) }]),
      ),
    },
    weightsManifest: [],
  };
  return writeModel(folder, 'tfjs', { 'model.json': new TextEncoder().encode(JSON.stringify(model)) });
}

/** Known words to numbers from 0 on, others to -1; and the numbers to words again. */
export function labelsOnnx(folder: string, words: readonly string[]): Promise<EngineModel> {
  const graph = new GraphBuilder({ domains: { 'ai.onnx.ml': 2 } });
  const numbers = words.map((_, index) => index);
  const encoder = { domain: 'ai.onnx.ml' };
  const [ids] = graph.node('LabelEncoder', [graph.input('text', 'string', ['batch', 'words'])], {
    ...encoder,
    attributes: { keys_strings: words, values_int64s: numbers, default_int64: -1 },
    outputs: ['ids'],
  });
  const [back] = graph.node('LabelEncoder', [ids], {
    ...encoder,
    attributes: { keys_int64s: numbers, values_strings: words, default_string: '?' },
    outputs: ['back'],
  });
  graph.output(ids, 'int64', ['batch', 'words']);
  graph.output(back, 'string', ['batch', 'words']);
  return writeModel(folder, 'onnx', { 'model.onnx': graph.toBytes() });
}

/** y = x · W + b as a layers model of TensorFlow.js. */
export function tinyTfjsLayers(folder: string, location = 'weights.bin'): Promise<EngineModel> {
  const model = {
    format: 'layers-model',
    modelTopology: {
      class_name: 'Model',
      config: {
        name: 'tiny',
        layers: [
          {
            class_name: 'InputLayer',
            name: 'x',
            inbound_nodes: [],
            config: { name: 'x', batch_input_shape: [null, 2], dtype: 'float32' },
          },
          {
            class_name: 'Dense',
            name: 'y',
            inbound_nodes: [[['x', 0, 0, {}]]],
            config: { name: 'y', units: 3, activation: 'linear', use_bias: true },
          },
        ],
        input_layers: [['x', 0, 0]],
        output_layers: [['y', 0, 0]],
      },
      keras_version: 'tfjs-layers 4.22.0',
    },
    weightsManifest: weightsManifest(location, ['y/kernel', 'y/bias']),
  };
  return writeTfjs(folder, model);
}

function writeTfjs(folder: string, model: object): Promise<EngineModel> {
  return writeModel(folder, 'tfjs', {
    'model.json': new TextEncoder().encode(JSON.stringify(model)),
    'weights.bin': weightBytes,
  });
}

/** Writes files into a folder and describes them as a model whose entry is the first of them. */
export async function writeModel(
  folder: string,
  engine: EngineModel['engine'],
  contents: Readonly<Record<string, Uint8Array>>,
): Promise<EngineModel> {
  const files = await Promise.all(
    Object.entries(contents).map(async ([path, content]): Promise<ModelFile> => {
      const location = join(folder, path);
      await mkdir(dirname(location), { recursive: true });
      await writeFile(location, content);
      const sha256 = createHash('sha256').update(content).digest('hex');
      return { path, location, bytes: content.length, sha256 };
    }),
  );
  return { id: `tiny-${engine}`, engine, entry: files[0]!.path, files };
}
