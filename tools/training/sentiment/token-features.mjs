import { HEAD } from '../../models/minilm/sentiment-head.mjs';
import { makeFeatureGraph } from '../../models/minilm/sentiment-graph.mjs';
import { openMinilm } from './minilm-session.mjs';

/** @typedef {import('onnxruntime-node').Tensor} OrtTensor */

/**
 * What the head reads, for every token of many sentences.
 *
 * @typedef {{
 *   features: Float32Array, starts: Int32Array, lengths: Int32Array,
 * }} TokenFeatures
 *   `features` `[tokens, 1536]`; sentence i has the tokens `starts[i]` … `starts[i] + lengths[i] - 1`
 */

const STATE = 384;

/**
 * Runs MiniLM over sentences.
 *
 * @param {readonly string[]} texts
 * @param {import('./minilm-session.mjs').MinilmFiles} minilm
 * @returns {Promise<TokenFeatures>}
 */
export async function readTokenFeatures(texts, minilm) {
  const { bytes, outputs } = makeFeatureGraph(minilm.weights);
  const session = await openMinilm(bytes, minilm);
  const ids = texts.map((text) => session.tokenise(text));
  const lengths = Int32Array.from(ids, (tokens) => tokens.length);
  const starts = new Int32Array(texts.length);
  for (let i = 1; i < starts.length; i += 1) starts[i] = at(starts, i - 1) + at(lengths, i - 1);
  const features = new Float32Array(lengths.reduce((sum, length) => sum + length, 0) * HEAD.features);
  await session.run(ids, (states, rows) => {
    outputs.forEach((name, layer) => {
      copyStates(/** @type {OrtTensor} */ (states[name]), rows, { layer, features, starts, lengths });
    });
  });
  return { features, starts, lengths };
}

/**
 * `[batch, length, 384]` of one layer to its place in `[tokens, 1536]`.
 *
 * @param {OrtTensor} states
 * @param {readonly number[]} rows
 * @param {TokenFeatures & { layer: number }} target
 */
function copyStates(states, rows, { layer, features, starts, lengths }) {
  const data = /** @type {Float32Array} */ (states.data);
  const paddedLength = states.dims[1] ?? 0;
  rows.forEach((sentence, row) => {
    for (let token = 0; token < at(lengths, sentence); token += 1) {
      const source = (row * paddedLength + token) * STATE;
      const target = (at(starts, sentence) + token) * HEAD.features + layer * STATE;
      features.set(data.subarray(source, source + STATE), target);
    }
  });
}

/** @param {Int32Array} values @param {number} index */
function at(values, index) {
  return /** @type {number} */ (values[index]);
}
