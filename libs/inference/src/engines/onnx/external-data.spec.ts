import { describe, expect, it } from '@jest/globals';
import { tensor } from '@ganglion/tensor';
import { GraphBuilder } from '../../onnx-graph/index.js';
import { findExternalData } from './external-data.js';

const weights = (graph: GraphBuilder, name: string, location: string) =>
  graph.externalTensor(name, { dtype: 'float32', shape: [1], location, offset: 0, length: 4 });

function graphWithBranches(): GraphBuilder {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', [1]);
  const condition = graph.input('condition', 'bool', []);
  const branch = (location: string) => {
    const body = new GraphBuilder({ outer: graph });
    body.output(body.node('Add', [x, weights(body, `weights of ${location}`, location)]), 'float32', [1]);
    return body;
  };
  const y = graph.node('If', [condition], {
    attributes: { then_branch: branch('then.bin'), else_branch: branch('else.bin') },
  });
  graph.output(graph.node('Add', [y, weights(graph, 'own', 'own.bin')]), 'float32', [1]);
  return graph;
}

describe('findExternalData', () => {
  it('finds the files of the graph itself, and apart from them those of its branches', () => {
    const { locations, nested } = findExternalData(graphWithBranches().toBytes());
    expect([...locations]).toEqual(['own.bin']);
    expect([...nested].sort()).toEqual(['else.bin', 'then.bin']);
  });

  it('finds nothing in a graph that holds its weights', () => {
    const graph = new GraphBuilder();
    graph.constant('negative', tensor('int64', [2], BigInt64Array.of(-1n, 2n)));
    graph.node('Constant', [], {
      attributes: { value_ints: [-1], value: tensor('float32', [], Float32Array.of(1)) },
    });
    expect(findExternalData(graph.toBytes())).toEqual({ locations: new Set(), nested: new Set() });
  });

  it('refuses what is cut short, and what nests without end', () => {
    const bytes = graphWithBranches().toBytes();
    expect(() => findExternalData(bytes.subarray(0, bytes.length - 20))).toThrow('cut short');
    expect(() => findExternalData(Uint8Array.of(0x0b))).toThrow('no protobuf');

    let graph = new GraphBuilder();
    for (let depth = 0; depth < 100; depth += 1) {
      const around = new GraphBuilder();
      around.node('Loop', [], { attributes: { body: graph } });
      graph = around;
    }
    expect(() => findExternalData(graph.toBytes())).toThrow('nests too deep');
  });
});
