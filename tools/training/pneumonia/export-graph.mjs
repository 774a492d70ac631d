import { GraphBuilder } from '@ganglion/inference/onnx-graph';
import { tensor } from '@ganglion/tensor';
import { EPSILON, NETWORK } from './network.mjs';
import { SIDE } from './read-films.mjs';

/** @typedef {import('./network.mjs').Layer} Layer */

/**
 * The networks as one ONNX graph: `films` `[batch, 28, 28]`, 0 to 1, to `log_likelihood_ratio` `[batch]`, the mean of
 * their logits, calibrated.
 *
 * @param {readonly Layer[][]} networks
 * @param {{ slope: number, offset: number }} calibration Of the mean logit to the log-likelihood ratio.
 */
export function exportGraph(networks, { slope, offset }) {
  const graph = new GraphBuilder({ name: 'pneumonia-cnn' });
  const films = graph.input('films', 'float32', ['batch', SIDE, SIDE]);
  const blocks = addBlocks(graph, films);
  const logits = networks.map((layers, index) =>
    addNetwork(graph, blocks, { layers, name: `network_${index}` }),
  );
  const mean = graph.node('Mean', logits);
  const scaled = graph.node('Mul', [mean, graph.constant('slope', scalar(slope))]);
  const [ratio] = graph.node('Add', [scaled, graph.constant('offset', scalar(offset))], {
    outputs: ['log_likelihood_ratio'],
  });
  graph.output(ratio, 'float32', ['batch']);
  return graph.toBytes();
}

/** Each film standardised, its blocks of 2 x 2 pixels as channels: `[batch, 4, 14, 14]`. @param {GraphBuilder} graph @param {string} films */
function addBlocks(graph, films) {
  const axes = graph.constant('axes_of_film', tensor('int64', [2], BigInt64Array.of(1n, 2n)));
  const centred = graph.node('Sub', [films, graph.node('ReduceMean', [films, axes])]);
  const variance = graph.node('ReduceMean', [graph.node('Mul', [centred, centred]), axes]);
  const deviation = graph.node('Sqrt', [
    graph.node('Add', [variance, graph.constant('epsilon', scalar(EPSILON))]),
  ]);
  const channel = graph.constant('channel_axis', tensor('int64', [1], BigInt64Array.of(1n)));
  const planes = graph.node('Unsqueeze', [graph.node('Div', [centred, deviation]), channel]);
  return graph.node('SpaceToDepth', [planes], { attributes: { blocksize: NETWORK.block } });
}

/** @param {GraphBuilder} graph @param {string} blocks @param {{ layers: readonly Layer[], name: string }} network */
function addNetwork(graph, blocks, { layers, name }) {
  let values = blocks;
  layers.slice(0, -1).forEach((layer, index) => {
    if (index === NETWORK.halved)
      values = graph.node('MaxPool', [values], { attributes: { kernel_shape: [2, 2], strides: [2, 2] } });
    const filters = graph.constant(`${name}.filters_${index}`, filtersOf(layer));
    const bias = graph.constant(`${name}.bias_${index}`, biasOf(layer));
    const sums = graph.node('Conv', [values, filters, bias], { attributes: { pads: [1, 1, 1, 1] } });
    values = graph.node('Relu', [sums]);
  });
  const last = /** @type {Layer} */ (layers.at(-1));
  const pooled = graph.node('Flatten', [graph.node('GlobalAveragePool', [values])]);
  const weight = graph.constant(`${name}.weight`, weightOf(last));
  const bias = graph.constant(`${name}.bias`, biasOf(last));
  const shape = graph.constant(`${name}.shape`, tensor('int64', [1], BigInt64Array.of(-1n)));
  return graph.node('Reshape', [graph.node('Add', [graph.node('MatMul', [pooled, weight]), bias]), shape]);
}

/** From `[3, 3, channels, filters]` to ONNX's `[filters, channels, 3, 3]`. @param {Layer} layer */
function filtersOf({ filters }) {
  const turned = filters.transpose([3, 2, 0, 1]);
  return tensor('float32', turned.shape, Float32Array.from(turned.dataSync()));
}

/** @param {Layer} layer */
function weightOf({ filters }) {
  return tensor('float32', filters.shape, Float32Array.from(filters.dataSync()));
}

/** @param {Layer} layer */
function biasOf({ bias }) {
  return tensor('float32', bias.shape, Float32Array.from(bias.dataSync()));
}

function scalar(/** @type {number} */ value) {
  return tensor('float32', [1], Float32Array.of(value));
}
