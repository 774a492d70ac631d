/**
 * The graph of the model `minilm-sentiment`: MiniLM over the publisher's own weights, and our head on top.
 *
 * Usage: node tools/models/minilm/sentiment-graph.mjs <publisher's model.safetensors>
 * writes graph.onnx beside apps/nlp/models/minilm-sentiment/head.safetensors.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { GraphBuilder, readSafetensorsIndex } from '@ganglion/inference/onnx-graph';
import { addMinilmEncoder } from './minilm-encoder.mjs';
import { addSentimentHead, HEAD } from './sentiment-head.mjs';

const FOLDER = new URL('../../../apps/nlp/models/minilm-sentiment/', import.meta.url);

/**
 * @param {Uint8Array} minilm The publisher's `model.safetensors`.
 * @param {Uint8Array} head Our `head.safetensors`.
 */
export function makeSentimentGraph(minilm, head) {
  const graph = new GraphBuilder({ name: 'minilm-sentiment' });
  const encoder = addMinilmEncoder(
    { graph, index: readSafetensorsIndex(minilm), location: 'model.safetensors' },
    Math.max(...HEAD.layers),
  );
  const logits = addSentimentHead(
    { graph, index: readSafetensorsIndex(head), location: 'head.safetensors' },
    encoder,
  );
  graph.output(logits, 'float32', ['batch', HEAD.classes]);
  return graph.toBytes();
}

/**
 * A graph that gives what the head reads.
 *
 * @param {Uint8Array} minilm The publisher's `model.safetensors`.
 * @returns {{ bytes: Uint8Array, outputs: string[] }}
 */
export function makeFeatureGraph(minilm) {
  const graph = new GraphBuilder({ name: 'minilm-hidden-states' });
  const { hiddenStates } = addMinilmEncoder(
    { graph, index: readSafetensorsIndex(minilm), location: 'model.safetensors' },
    Math.max(...HEAD.layers),
  );
  const outputs = HEAD.layers.map((layer) => hiddenStates[layer] ?? '');
  for (const output of outputs) graph.output(output, 'float32', ['batch', 'length', 384]);
  return { bytes: graph.toBytes(), outputs };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , weights] = process.argv;
  if (weights === undefined) throw new Error('usage: sentiment-graph.mjs <model.safetensors>');
  const head = readFileSync(new URL('head.safetensors', FOLDER));
  writeFileSync(new URL('graph.onnx', FOLDER), makeSentimentGraph(readFileSync(weights), head));
}
