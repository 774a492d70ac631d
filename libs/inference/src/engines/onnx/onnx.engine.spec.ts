import { describe, expect, it } from '@jest/globals';
import { zeros } from '@ganglion/tensor';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeModel } from '../../../test/tiny-models.js';
import { GraphBuilder } from '../../onnx-graph/index.js';
import { onnxEngine } from './onnx.engine.js';

async function load(graph: GraphBuilder) {
  const folder = await mkdtemp(join(tmpdir(), 'ganglion-onnx-'));
  try {
    const model = await writeModel(folder, 'onnx', { 'model.onnx': graph.toBytes() });
    return await onnxEngine.load(model, { device: { provider: 'cpu', index: 0 } });
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('onnxEngine', () => {
  it('tells axes without a name apart', async () => {
    const graph = new GraphBuilder();
    const sum = graph.node('Add', [
      graph.input('a', 'float32', ['', 1]),
      graph.input('b', 'float32', ['', 1]),
    ]);
    graph.output(sum, 'float32', ['', 1]);
    const session = await load(graph);
    expect(session.inputs.map(({ shape }) => shape)).toEqual([
      ['a.0', 1],
      ['b.0', 1],
    ]);
    const inputs = { a: zeros('float32', [3, 1]), b: zeros('float32', [1, 1]) };
    expect((await session.run(inputs))[sum]?.shape).toEqual([3, 1]);
    await session.dispose();
  });

  it('refuses weights of a branch that lie in another file, which ONNX Runtime would open by name', async () => {
    const graph = new GraphBuilder();
    const x = graph.input('x', 'float32', [1]);
    const branch = () => {
      const body = new GraphBuilder({ outer: graph });
      const tensor = {
        dtype: 'float32',
        shape: [1],
        location: 'package.json',
        offset: 0,
        length: 4,
      } as const;
      body.output(body.node('Add', [x, body.externalTensor('weights', tensor)]), 'float32', [1]);
      return body;
    };
    const attributes = { then_branch: branch(), else_branch: branch() };
    graph.output(graph.node('If', [graph.input('condition', 'bool', [])], { attributes }), 'float32', [1]);
    await expect(load(graph)).rejects.toThrow('a nested tensor takes its data from "package.json"');
  });
});
