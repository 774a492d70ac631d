import { tensor } from '@ganglion/tensor';

/** @typedef {import('./minilm-encoder.mjs').Builder} Builder */

/** What the head reads of MiniLM: the output of these layers, side by side. The last layer is not even computed. */
export const HEAD = { layers: [1, 3, 4, 5], features: 4 * 384, width: 32, views: 2, classes: 2 };

/**
 * Adds our head: each token's hidden states become 32 features, two attention vectors pool them over the tokens, and a
 * linear layer gives the logits, already divided by the temperature of the calibration.
 *
 * @param {Builder} builder `index` and `location` of `head.safetensors`
 * @param {{ maskBias: string, hiddenStates: string[] }} encoder
 * @returns {string} float32 `[batch, 2]`: logits of negative and positive
 */
export function addSentimentHead({ graph, index, location }, { maskBias, hiddenStates }) {
  const weight = (/** @type {string} */ name) => {
    const entry = index.get(name);
    if (entry === undefined) throw new RangeError(`"${location}" holds no tensor "${name}".`);
    return graph.externalTensor(`head.${name}`, { ...entry, location });
  };
  const states = HEAD.layers.map((layer) => hiddenStates[layer] ?? '');
  const tokens = graph.node('Concat', states, { attributes: { axis: -1 } }); // [batch, length, 1536]
  const projected = graph.node('MatMul', [tokens, weight('token.weight')]);
  const features = graph.node('Relu', [graph.node('Add', [projected, weight('token.bias')])]); // [batch, length, 32]

  const scores = graph.node('MatMul', [features, weight('attention.weight')]); // [batch, length, 2]
  const byView = graph.node('Transpose', [scores], { attributes: { perm: [0, 2, 1] } }); // [batch, 2, length]
  const axis = graph.constant('view_axis', tensor('int64', [1], BigInt64Array.of(1n)));
  const masked = graph.node('Add', [byView, graph.node('Unsqueeze', [maskBias, axis])]);
  const pooled = graph.node('MatMul', [graph.node('Softmax', [masked]), features]); // [batch, 2, 32]

  const flat = graph.node('Flatten', [pooled]); // [batch, 64]
  return graph.node('Gemm', [flat, weight('class.weight'), weight('class.bias')], { outputs: ['logits'] })[0];
}
