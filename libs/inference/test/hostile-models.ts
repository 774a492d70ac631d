/** Models that take more time or memory than anybody would give them. */
import { tensor, zeros } from '@ganglion/tensor';
import type { EngineModel } from '../src/engine.js';
import { GraphBuilder } from '../src/onnx-graph/index.js';
import { writeModel } from './tiny-models.js';

const SIDE = 256;
const scalar = (value: number) => tensor('int64', [], BigInt64Array.of(BigInt(value)));

/** The input of a slow model: how many times it multiplies matrices, each about a millisecond. */
export const trips = (count: number) => ({ trips: scalar(count) });

/** A model that takes as long as its input says. */
export function slowOnnx(folder: string): Promise<EngineModel> {
  const graph = new GraphBuilder();
  const count = graph.input('trips', 'int64', []);
  const shape = graph.constant('shape', tensor('int64', [2], BigInt64Array.of(BigInt(SIDE), BigInt(SIDE))));
  const start = graph.node('ConstantOfShape', [shape]);
  const body = new GraphBuilder({ outer: graph });
  body.input('step', 'int64', []);
  const goesOn = body.node('Identity', [body.input('condition', 'bool', [])]);
  body.output(goesOn, 'bool', []);
  const matrix = body.input('matrix', 'float32', [SIDE, SIDE]);
  body.output(body.node('MatMul', [matrix, start]), 'float32', [SIDE, SIDE]);
  const last = graph.node('Loop', [count, '', start], { attributes: { body } });
  const [y] = graph.node('ReduceSum', [last], { attributes: { keepdims: 0 }, outputs: ['y'] });
  graph.output(y, 'float32', []);
  return writeModel(folder, 'onnx', { 'model.onnx': graph.toBytes() });
}

/** The input of a hungry model: how many float32 it fills memory with. */
export const elements = (count: number) => ({ count: tensor('int64', [1], BigInt64Array.of(BigInt(count))) });

/** A model that takes as much memory as its input says. */
export function hungryOnnx(folder: string): Promise<EngineModel> {
  const graph = new GraphBuilder();
  return writeHungry(folder, graph, graph.input('count', 'int64', [1]));
}

/** A model of a few hundred bytes that takes so much memory while it is loaded, for its constants are folded. */
export function greedyOnnx(folder: string, count: number): Promise<EngineModel> {
  const graph = new GraphBuilder();
  graph.input('x', 'float32', [1]);
  return writeHungry(folder, graph, graph.constant('count', elements(count).count));
}

function writeHungry(folder: string, graph: GraphBuilder, count: string): Promise<EngineModel> {
  const one = graph.constant('one', tensor('float32', [1], Float32Array.of(1)));
  const filled = graph.node('Expand', [one, count]);
  const [y] = graph.node('ReduceSum', [filled], { attributes: { keepdims: 0 }, outputs: ['y'] });
  graph.output(y, 'float32', []);
  return writeModel(folder, 'onnx', { 'model.onnx': graph.toBytes() });
}

/** A model of TensorFlow.js whose topology is far larger in the heap than on the disk. */
export function bloatedTfjs(folder: string, nodes: number): Promise<EngineModel> {
  const node = (_: unknown, index: number) => `{"name":"${index}","op":"Placeholder"}`;
  const text = `{"modelTopology":{"versions":{"producer":0},"node":[${Array.from({ length: nodes }, node).join(',')}]}}`;
  return writeModel(folder, 'tfjs', { 'model.json': new TextEncoder().encode(text) });
}

/** The inputs of a model that adds: of equal lengths, or it can't. */
export const addends = (left: number, right: number) => ({
  a: zeros('float32', [left]),
  b: zeros('float32', [right]),
});

/** A model whose signature takes lengths that its graph does not. */
export function addingOnnx(folder: string): Promise<EngineModel> {
  const graph = new GraphBuilder();
  const inputs = [graph.input('a', 'float32', ['left']), graph.input('b', 'float32', ['right'])];
  const [y] = graph.node('Add', inputs, { outputs: ['y'] });
  graph.output(y, 'float32', ['sum']);
  return writeModel(folder, 'onnx', { 'model.onnx': graph.toBytes() });
}

/** The same as {@link addingOnnx}, as a graph model of TensorFlow.js. */
export function addingTfjs(folder: string): Promise<EngineModel> {
  const dtype = { type: 'DT_FLOAT' };
  const placeholder = (name: string) => ({
    name,
    op: 'Placeholder',
    attr: { dtype, shape: { shape: { dim: [{ size: '-1' }] } } },
  });
  const add = { name: 'y', op: 'AddV2', input: ['a', 'b'], attr: { T: dtype } };
  const node = [placeholder('a'), placeholder('b'), add];
  const model = {
    format: 'graph-model',
    modelTopology: { node, versions: { producer: 1 } },
    weightsManifest: [],
  };
  return writeModel(folder, 'tfjs', { 'model.json': new TextEncoder().encode(JSON.stringify(model)) });
}
