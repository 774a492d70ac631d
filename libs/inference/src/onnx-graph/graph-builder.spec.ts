import { describe, expect, it } from '@jest/globals';
import { bytesOf, stringTensor, tensor } from '@ganglion/tensor';
import ort from 'onnxruntime-node';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { float, floats, GraphBuilder } from './index.js';

const float32 = (shape: number[], values: number[]) => tensor('float32', shape, Float32Array.from(values));
const int64 = (values: number[]) => tensor('int64', [values.length], BigInt64Array.from(values.map(BigInt)));

async function run(
  graph: GraphBuilder,
  feeds: Record<string, ort.Tensor>,
): Promise<ort.InferenceSession.OnnxValueMapType> {
  const session = await ort.InferenceSession.create(graph.toBytes());
  return session.run(feeds);
}

const numbers = (value: ort.OnnxValue | undefined) => Array.from((value as ort.Tensor).data as Float32Array);

describe('GraphBuilder', () => {
  it('builds a graph that ONNX Runtime runs', async () => {
    const graph = new GraphBuilder();
    const x = graph.input('x', 'float32', ['batch', 2]);
    const weights = graph.constant('weights', float32([2, 3], [1, 2, 3, 4, 5, 6]));
    const y = graph.node('Relu', [graph.node('MatMul', [x, weights])]);
    graph.output(y, 'float32', ['batch', 3]);

    const result = await run(graph, { x: new ort.Tensor('float32', [1, 1, -1, 0], [2, 2]) });
    expect(numbers(result[y])).toEqual([5, 7, 9, 0, 0, 0]);
  });

  it('writes texts', async () => {
    const graph = new GraphBuilder();
    const texts = graph.constant('texts', stringTensor([3], ['', 'naïve 😀', 'b']));
    const [y] = graph.node('Concat', [graph.input('x', 'string', [1]), texts], {
      attributes: { axis: 0 },
      outputs: ['y'],
    });
    graph.output(y, 'string', [4]);
    const result = await run(graph, { x: new ort.Tensor('string', ['a'], [1]) });
    expect((result['y'] as ort.Tensor).data).toEqual(['a', '', 'naïve 😀', 'b']);
  });

  it('writes attributes of every kind', async () => {
    const graph = new GraphBuilder();
    const x = graph.input('x', 'float32', [1, 3]);
    const leaky = graph.node('LeakyRelu', [x], { attributes: { alpha: float(2) } });
    const turned = graph.node('Transpose', [leaky], { attributes: { perm: [1, 0] } });
    const summed = graph.node('ReduceSum', [turned, graph.constant('axes', int64([0]))], {
      attributes: { keepdims: 0 },
    });
    const [halves] = graph.node('Constant', [], {
      attributes: { value_floats: floats([0.5]) },
      outputs: ['halves'],
    });
    const one = graph.node('Constant', [], { attributes: { value: float32([1], [1]) } });
    const total = graph.node('Einsum', [graph.node('Add', [summed, one]), halves], {
      attributes: { equation: 'i,i->i' },
    });
    graph.output(total, 'float32', [1]);

    const result = await run(graph, { x: new ort.Tensor('float32', [-1, 2, 3], [1, 3]) });
    expect(numbers(result[total])).toEqual([2]);
  });

  it('writes graphs as attributes, whose nodes see the values around them', async () => {
    const graph = new GraphBuilder();
    const x = graph.input('x', 'float32', [1]);
    const condition = graph.input('condition', 'bool', []);
    const branch = (opType: string) => {
      const body = new GraphBuilder({ outer: graph, name: opType });
      body.output(body.node(opType, [x]), 'float32', [1]);
      return body;
    };
    const y = graph.node('If', [condition], {
      attributes: { then_branch: branch('Neg'), else_branch: branch('Exp') },
    });
    graph.output(y, 'float32', [1]);

    const feeds = { x: new ort.Tensor('float32', [4], [1]), condition: new ort.Tensor('bool', [true], []) };
    expect(numbers((await run(graph, feeds))[y])).toEqual([-4]);
  });

  it('uses operators of another domain', async () => {
    const graph = new GraphBuilder();
    const x = graph.input('x', 'float32', [1]);
    const y = graph.node('QuickGelu', [x], { domain: 'com.microsoft', attributes: { alpha: float(1) } });
    graph.output(y, 'float32', [1]);

    const result = await run(graph, { x: new ort.Tensor('float32', [1], [1]) });
    expect(numbers(result[y])[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 5);
  });

  it('takes weights out of another file by offset', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ganglion-graph-'));
    try {
      const weights = float32([3], [10, 20, 30]);
      await writeFile(join(folder, 'weights.bin'), Buffer.concat([Buffer.alloc(13), bytesOf(weights)]));
      const graph = new GraphBuilder();
      const x = graph.input('x', 'float32', [3]);
      const stored = graph.externalTensor('stored', {
        dtype: 'float32',
        shape: [3],
        location: 'weights.bin',
        offset: 13,
        length: 12,
      });
      const y = graph.node('Add', [x, stored]);
      graph.output(y, 'float32', [3]);
      await writeFile(join(folder, 'graph.onnx'), graph.toBytes());

      const session = await ort.InferenceSession.create(join(folder, 'graph.onnx'));
      const result = await session.run({ x: new ort.Tensor('float32', [1, 2, 3], [3]) });
      expect(numbers(result[y])).toEqual([11, 22, 33]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('refuses what could never run', () => {
    const graph = new GraphBuilder();
    const x = graph.input('x', 'float32', [1]);
    expect(() => graph.input('x', 'float32', [1])).toThrow('There is a value "x" already');
    expect(() => graph.node('Add', [x, 'y'])).toThrow('There is no value "y"');
    expect(() => graph.output('y', 'float32', [1])).toThrow('There is no value "y"');
    expect(() => graph.node('Relu', [x], { outputs: ['x'] })).toThrow('There is a value "x" already');
    expect(() =>
      graph.externalTensor('w', { dtype: 'float16', shape: [3], location: 'w', offset: 0, length: 12 }),
    ).toThrow('takes 6 bytes');
    graph.node('LeakyRelu', [x], { attributes: { alpha: 0.5 } });
    expect(() => graph.toBytes()).toThrow('write float(0.5)');
  });
});
