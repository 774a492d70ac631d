import { GraphBuilder } from '@ganglion/inference/onnx-graph';
import { tensor } from '@ganglion/tensor';

/** @typedef {import('./standardise.mjs').Standard} Standard */

/**
 * The network as an ONNX graph: `features` `[batch, points, 15]` as they are measured to `log_odds` `[batch, points]`. A
 * request is one row of the batch, with as many points as its explanation needs. The standardisation is folded into the
 * first layer.
 *
 * @param {readonly import('./network.mjs').Layer[]} layers
 * @param {Standard} standard
 */
export function exportGraph(layers, standard) {
  const width = standard.mean.length;
  const graph = new GraphBuilder({ name: 'fraud-mlp' });
  let values = graph.input('features', 'float32', ['batch', 'points', width]);
  layers.forEach((layer, index) => {
    const folded = index === 0 ? foldStandard(layer, standard) : readLayer(layer);
    const kernel = graph.constant(
      `kernel_${index}`,
      tensor('float32', [folded.inputs, folded.outputs], folded.kernel),
    );
    const bias = graph.constant(`bias_${index}`, tensor('float32', [folded.outputs], folded.bias));
    values = graph.node('Add', [graph.node('MatMul', [values, kernel]), bias]);
    if (index < layers.length - 1) values = graph.node('Relu', [values]);
  });
  const axis = graph.constant('last_axis', tensor('int64', [1], BigInt64Array.of(2n)));
  const [logOdds] = graph.node('Squeeze', [values, axis], { outputs: ['log_odds'] });
  graph.output(logOdds, 'float32', ['batch', 'points']);
  return graph.toBytes();
}

/** @param {import('./network.mjs').Layer} layer */
function readLayer({ kernel, bias }) {
  const [inputs = 0, outputs = 0] = kernel.shape;
  return {
    inputs,
    outputs,
    kernel: Float32Array.from(kernel.dataSync()),
    bias: Float32Array.from(bias.dataSync()),
  };
}

/**
 * ((x - mean) · scale) W + b = x (scale · W) + (b - mean · scale · W)
 *
 * @param {import('./network.mjs').Layer} layer
 * @param {Standard} standard
 */
function foldStandard(layer, { mean, scale }) {
  const { inputs, outputs, kernel, bias } = readLayer(layer);
  const shifted = Float64Array.from(bias);
  const folded = kernel.map((value, index) => {
    const row = Math.floor(index / outputs);
    const column = index % outputs;
    const scaled = value * (scale[row] ?? 0);
    shifted[column] = (shifted[column] ?? 0) - (mean[row] ?? 0) * scaled;
    return scaled;
  });
  return { inputs, outputs, kernel: folded, bias: Float32Array.from(shifted) };
}
