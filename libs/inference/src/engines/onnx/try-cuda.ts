import ort from 'onnxruntime-node';
import { GraphBuilder } from '../../onnx-graph/index.js';
import type { TryCuda } from '../device.js';
import { executionProviders } from './onnx.engine.js';

/** Loads the smallest graph there is on a CUDA device, which needs its libraries, its driver and a card. */
export const tryCuda: TryCuda = async (index) => {
  const graph = new GraphBuilder();
  graph.output(graph.node('Identity', [graph.input('x', 'float32', [1])]), 'float32', [1]);
  const session = await ort.InferenceSession.create(graph.toBytes(), {
    executionProviders: executionProviders({ provider: 'cuda', index }),
  });
  await session.release();
};
