/**
 * The network of Fracast-0 over its publisher's `model.safetensors` (PyPI fracast 0.1.0), as an ONNX graph. Finding the
 * periods, their phases and the seasonal fill are steps before it: they are no part of the graph.
 *
 * @source fracast 0.1.0, `_core/model.py`, `self_similar_block.py`, `gather_head.py`, `future_conv.py`
 */
import { GraphBuilder, readSafetensorsIndex } from '@ganglion/inference/onnx-graph';
import { FracastLayers } from './fracast-layers.mjs';

/** `weights/config.json` of the publisher. */
export const FRACAST = {
  context: 2_048,
  horizon: 48,
  width: 64,
  quantiles: 9,
  phaseChannels: 8,
  encoderStages: 10,
  horizonConvolutions: 2,
  futureStages: 6,
  futureSeed: 128,
};

/**
 * The graph has these float32 inputs, where steps count from the oldest of the context, and values are scaled so that
 * the context goes from 0 to 1: `values` `[batch, 2048]`, 0 where missing; `coverage` `[batch, 2048]`, 1 where there is
 * a value, else 0; `phase` `[batch, 2048, 8]`, sine and cosine of the step's phase in each of four periods, 0 for
 * those not found; `seasonal_fill` `[batch, 48]`, what the first period's phase expects of the horizon. Its output is
 * `quantiles` `[batch, 48, 9]`, of 0.1 to 0.9, in the scale of `values`.
 *
 * @param {Uint8Array} weights The publisher's `model.safetensors`.
 * @returns {Uint8Array} The bytes of an `.onnx` file that lies beside `model.safetensors`.
 */
export function makeFracastGraph(weights) {
  const graph = new GraphBuilder({ name: 'fracast-0' });
  const layers = new FracastLayers(graph, readSafetensorsIndex(weights), 'model.safetensors');
  const hidden = addEncoder(graph, layers);
  const states = addHead(graph, layers, hidden);
  const [quantiles] = graph.node('Identity', [layers.linear(states, 'head.out_proj')], {
    outputs: ['quantiles'],
  });
  graph.output(quantiles, 'float32', ['batch', FRACAST.horizon, FRACAST.quantiles]);
  return graph.toBytes();
}

/**
 * One block with the same weights at each dilation, told of it by a scale and a shift.
 *
 * @param {GraphBuilder} graph
 * @param {FracastLayers} layers
 * @returns {string} float32 `[batch, 2048, 64]`
 */
function addEncoder(graph, layers) {
  const { context, phaseChannels } = FRACAST;
  const values = graph.input('values', 'float32', ['batch', context]);
  const coverage = graph.input('coverage', 'float32', ['batch', context]);
  const phase = graph.input('phase', 'float32', ['batch', context, phaseChannels]);
  const recency = layers.expandTo(layers.recency('context_recency', 0, context), values, 5);
  const features = layers.concat([layers.asChannel(values), layers.asChannel(coverage), recency], -1);
  let state = graph.node('Add', [
    layers.linear(features, 'core.in_proj'),
    layers.linear(phase, 'core.periodic.proj'),
  ]);
  for (let stage = 0; stage < FRACAST.encoderStages; stage += 1) {
    state = layers.block(layers.conditionOnScale(state, stage), 'core.block', 2 ** stage);
  }
  return layers.rmsNorm(state, 'core.norm');
}

/**
 * A state for each step of the horizon, out of a summary of the context and of its continuation by the seasonal fill.
 *
 * @param {GraphBuilder} graph
 * @param {FracastLayers} layers
 * @param {string} hidden
 * @returns {string} float32 `[batch, 48, 64]`
 */
function addHead(graph, layers, hidden) {
  const { context, horizon, width, horizonConvolutions, futureStages, futureSeed } = FRACAST;
  const fill = graph.input('seasonal_fill', 'float32', ['batch', horizon]);
  const recency = layers.expandTo(layers.recency('horizon_recency', context, horizon), fill, 5);
  const mean = graph.node('ReduceMean', [hidden, layers.integers('steps', [1])]);
  const summary = layers.concat([mean, layers.lastSteps(hidden, 1)], -1);
  const summaries = layers.expandTo(summary, fill, 2 * width);
  const projected = layers.linear(layers.concat([recency, summaries], -1), 'head.summary_proj');
  let state = graph.node('Add', [projected, layers.weight('head.queries')]);
  const decoded = layers.swiGlu(state, 'head.decoder_ffns.0');
  state = layers.rmsNorm(graph.node('Add', [state, decoded]), 'head.decoder_norms.0');
  for (let index = 0; index < horizonConvolutions; index += 1) {
    const name = `head.fc_blocks.${index}`;
    const convolved = layers.convolve(state, name, 2 ** index);
    state = layers.rmsNorm(graph.node('Add', [state, convolved]), `${name}.norm`);
  }
  const ahead = layers.linear(
    layers.concat([layers.asChannel(fill), recency], -1),
    'head.future_conv.in_proj',
  );
  let future = layers.concat([layers.lastSteps(hidden, futureSeed), ahead], 1);
  for (let stage = 0; stage < futureStages; stage += 1) {
    future = layers.block(future, 'head.future_conv.block', 2 ** stage);
  }
  const continued = layers.linear(layers.lastSteps(future, horizon), 'head.future_conv.out_proj');
  return graph.node('Add', [state, continued]);
}
