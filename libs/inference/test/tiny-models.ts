import { bytesOf, tensor } from '@ganglion/tensor';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
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
