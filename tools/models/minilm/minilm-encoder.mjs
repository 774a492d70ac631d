import { float } from '@ganglion/inference/onnx-graph';
import { tensor } from '@ganglion/tensor';

/** all-MiniLM-L6-v2, `config.json` of its publisher. */
export const MINILM = { layers: 6, width: 384, heads: 12, layerNormEpsilon: 1e-12 };
const HEAD_WIDTH = MINILM.width / MINILM.heads;
/** Added to the scores of padding: no weight is left after the softmax, and no NaN where a row is all padding. */
const MASKED = -1e9;

/**
 * A graph under construction, and where the publisher's weights lie in `location`.
 *
 * @typedef {import('@ganglion/inference/onnx-graph').GraphBuilder} GraphBuilder
 * @typedef {import('@ganglion/inference/onnx-graph').StoredTensor} StoredTensor
 * @typedef {{ graph: GraphBuilder, index: ReadonlyMap<string, StoredTensor>, location: string }} Builder
 */

/**
 * Adds the inputs `input_ids` and `attention_mask` (int64 `[batch, length]`) and the BERT encoder of MiniLM over them,
 * whose weights stay in the publisher's `model.safetensors`.
 *
 * @source Devlin et al. 2019 (arXiv:1810.04805); transformers 4.8 `BertModel`: erf GELU, layer norm behind each block
 * @param {Builder} builder
 * @param {number} [layers] How many of the six layers to run.
 * @returns {{ maskBias: string, hiddenStates: string[] }}
 *   `maskBias` float32 `[batch, length]`, 0 at tokens and very negative at padding; `hiddenStates` float32
 *   `[batch, length, 384]`: the embeddings, then what each layer gives.
 */
export function addMinilmEncoder({ graph, index, location }, layers = MINILM.layers) {
  const encoder = new MinilmEncoder(graph, index, location);
  const inputIds = graph.input('input_ids', 'int64', ['batch', 'length']);
  const attentionMask = graph.input('attention_mask', 'int64', ['batch', 'length']);
  const maskBias = encoder.maskBias(attentionMask);
  const scoreBias = graph.node('Unsqueeze', [maskBias, encoder.integers('axes_1_2', [1, 2])]);

  const hiddenStates = [encoder.embed(inputIds)];
  for (let layer = 0; layer < layers; layer += 1) {
    hiddenStates.push(encoder.layer(layer, hiddenStates[layer] ?? '', scoreBias));
  }
  return { maskBias, hiddenStates };
}

class MinilmEncoder {
  /**
   * @param {GraphBuilder} graph
   * @param {ReadonlyMap<string, StoredTensor>} index
   * @param {string} location
   */
  constructor(graph, index, location) {
    this.graph = graph;
    this.index = index;
    this.location = location;
    this.splitShape = this.integers('split_heads', [0, 0, MINILM.heads, HEAD_WIDTH]);
    this.joinShape = this.integers('join_heads', [0, 0, MINILM.width]);
    this.scale = this.number('attention_scale', 1 / Math.sqrt(HEAD_WIDTH));
    this.one = this.number('one', 1);
  }

  /** int64 `[batch, length]` of 0 and 1 -> float32: 0 where 1 was, very negative where 0 was. */
  maskBias(/** @type {string} */ attentionMask) {
    const mask = this.graph.node('Cast', [attentionMask], { attributes: { to: 1 } });
    const isPadding = this.graph.node('Sub', [this.one, mask]);
    return this.graph.node('Mul', [isPadding, this.number('masked', MASKED)]);
  }

  /** Word, position and (always the first) token type embeddings: int64 `[batch, length]` -> `[batch, length, 384]`. */
  embed(/** @type {string} */ inputIds) {
    const { graph } = this;
    const words = graph.node('Gather', [this.weight('embeddings.word_embeddings.weight'), inputIds]);
    const length = graph.node('Shape', [inputIds], { attributes: { start: 1, end: 2 } });
    const positions = graph.node('Slice', [
      this.weight('embeddings.position_embeddings.weight'),
      this.integers('first', [0]),
      length,
      this.integers('axis_0', [0]),
    ]);
    const firstType = graph.node('Gather', [
      this.weight('embeddings.token_type_embeddings.weight'),
      this.integers('type_0', [0]),
    ]);
    const sum = graph.node('Add', [graph.node('Add', [words, positions]), firstType]);
    return this.layerNorm(sum, 'embeddings.LayerNorm');
  }

  /**
   * @param {number} layer
   * @param {string} input
   * @param {string} scoreBias
   */
  layer(layer, input, scoreBias) {
    const { graph } = this;
    const name = `encoder.layer.${layer}`;
    const attended = this.linear(this.attend(name, input, scoreBias), `${name}.attention.output.dense`);
    const middle = this.layerNorm(graph.node('Add', [attended, input]), `${name}.attention.output.LayerNorm`);
    const wide = graph.node('Gelu', [this.linear(middle, `${name}.intermediate.dense`)]); // by erf, not tanh
    const narrow = this.linear(wide, `${name}.output.dense`);
    return this.layerNorm(graph.node('Add', [narrow, middle]), `${name}.output.LayerNorm`);
  }

  /**
   * Scaled dot-product attention in 12 heads.
   *
   * @param {string} name
   * @param {string} input
   * @param {string} scoreBias
   */
  attend(name, input, scoreBias) {
    const { graph } = this;
    /** @param {string} part @param {number[]} perm */
    const heads = (part, perm) => {
      const projected = this.linear(input, `${name}.attention.self.${part}`);
      return graph.node('Transpose', [graph.node('Reshape', [projected, this.splitShape])], {
        attributes: { perm },
      });
    };
    const query = heads('query', [0, 2, 1, 3]); // [batch, head, length, 32]
    const key = heads('key', [0, 2, 3, 1]); // [batch, head, 32, length]
    const value = heads('value', [0, 2, 1, 3]);
    const scores = graph.node('Mul', [graph.node('MatMul', [query, key]), this.scale]);
    const weights = graph.node('Softmax', [graph.node('Add', [scores, scoreBias])]); // [batch, head, length, length]
    const mixed = graph.node('Transpose', [graph.node('MatMul', [weights, value])], {
      attributes: { perm: [0, 2, 1, 3] },
    });
    return graph.node('Reshape', [mixed, this.joinShape]);
  }

  /** x · Wᵀ + b; ONNX Runtime turns the constant W once, when it loads the graph. */
  linear(/** @type {string} */ input, /** @type {string} */ name) {
    const { graph } = this;
    const turned = graph.node('Transpose', [this.weight(`${name}.weight`)], { attributes: { perm: [1, 0] } });
    return graph.node('Add', [graph.node('MatMul', [input, turned]), this.weight(`${name}.bias`)]);
  }

  layerNorm(/** @type {string} */ input, /** @type {string} */ name) {
    return this.graph.node(
      'LayerNormalization',
      [input, this.weight(`${name}.weight`), this.weight(`${name}.bias`)],
      { attributes: { axis: -1, epsilon: float(MINILM.layerNormEpsilon) } },
    );
  }

  weight(/** @type {string} */ name) {
    const entry = this.index.get(name);
    if (entry === undefined) throw new RangeError(`"${this.location}" holds no tensor "${name}".`);
    return this.graph.externalTensor(name, { ...entry, location: this.location });
  }

  integers(/** @type {string} */ name, /** @type {number[]} */ values) {
    return this.graph.constant(
      name,
      tensor('int64', [values.length], BigInt64Array.from(values.map(BigInt))),
    );
  }

  number(/** @type {string} */ name, /** @type {number} */ value) {
    return this.graph.constant(name, tensor('float32', [], Float32Array.of(value)));
  }
}
