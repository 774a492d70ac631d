import { integerConstants } from './integer-constants.mjs';
import { OPERATORS } from './operators.mjs';

/**
 * A value of the graph as ONNX holds it: `[batch, channels, height, width]`, while TensorFlow may see its axes in another
 * order, and padded. A transposition or a padding is remembered here and written only where an operator needs it.
 *
 * @typedef {object} Value
 * @property {string} name
 * @property {readonly number[]} axes Where TensorFlow's axes are stored: `[0, 2, 3, 1]` for its usual NHWC.
 * @property {number} height Of a picture as large as the graph says.
 * @property {readonly number[]} pads Before and after each stored axis, `[b0, b1, …, a0, a1, …]`; none when empty.
 *
 * @typedef {import('./read-graph-model.mjs').Node} Node
 */

const NHWC = [0, 2, 3, 1];
const IN_PLACE = [0, 1, 2, 3];

/** Translates a TensorFlow.js graph of convolutions to ONNX, from its outputs backwards. */
export class GraphTranslator {
  /** @type {Map<string, Value[]>} */
  #values = new Map();

  /**
   * @param {import('@ganglion/inference/onnx-graph').GraphBuilder} graph
   * @param {{ model: import('./read-graph-model.mjs').GraphModel, bytes: Uint8Array, location: string }} source
   *   The model, the bytes of its weights file, and the name of that file.
   */
  constructor(graph, { model, bytes, location }) {
    this.graph = graph;
    this.model = model;
    this.location = location;
    this.integers = integerConstants(model, bytes);
  }

  /**
   * Declares what the graph's placeholder is, with free height and width.
   *
   * @param {string} placeholder
   * @param {{ name: string, channels: number, height: number }} input
   */
  input(placeholder, { name, channels, height }) {
    const shape = ['batch', channels, 'height', 'width'];
    this.#values.set(placeholder, [
      { name: this.graph.input(name, 'float32', shape), axes: IN_PLACE, height, pads: [] },
    ]);
  }

  /**
   * Declares an output of the graph.
   *
   * @param {string} node
   * @param {{ name: string, shape: (number | string)[] }} output
   */
  output(node, { name, shape }) {
    const { name: stored, axes } = this.value({ node, output: 0 });
    this.graph.node('Transpose', [stored], { attributes: { perm: axes }, outputs: [name] });
    this.graph.output(name, 'float32', shape);
  }

  /** @returns {Value} */
  value(/** @type {import('./read-graph-model.mjs').Ref} */ ref) {
    let outputs = this.#values.get(ref.node);
    if (outputs === undefined) {
      const node = this.#node(ref.node);
      const translate = OPERATORS[node.op];
      if (translate === undefined) throw new TypeError(`"${node.name}": ${node.op} is not supported.`);
      outputs = [translate(this, node)].flat();
      this.#values.set(ref.node, outputs);
    }
    return /** @type {Value} */ (outputs[ref.output]);
  }

  inputOf(/** @type {Node} */ node, index = 0) {
    return this.value(node.inputs[index] ?? { node: `input ${index} of ${node.name}`, output: 0 });
  }

  integersOf(/** @type {Node} */ node, /** @type {number} */ index) {
    return this.integers(node.inputs[index]?.node ?? '');
  }

  /** The node that feeds an input. */
  sourceOf(/** @type {Node} */ node, /** @type {number} */ index) {
    return this.#node(node.inputs[index]?.node ?? '');
  }

  /** A constant of the weights file, widened to float32; ONNX Runtime does that once, when it loads the graph. */
  weight(/** @type {string} */ name) {
    const weight = this.model.weights.get(name);
    if (weight === undefined) throw new RangeError(`The weights hold no "${name}".`);
    const stored = this.graph.externalTensor(name, { ...weight, location: this.location });
    return weight.dtype === 'float32' ? stored : this.graph.node('Cast', [stored], { attributes: { to: 1 } });
  }

  /**
   * An operator that changes no axis.
   *
   * @param {string} opType
   * @param {Value[]} inputs
   * @param {Record<string, import('@ganglion/inference/onnx-graph').Attribute>} attributes
   * @returns {Value}
   */
  elementwise(opType, inputs, attributes = {}) {
    const [first] = inputs;
    const isAlike = inputs.every(
      (input) => String(input.axes) === String(first?.axes) && input.pads.length === 0,
    );
    if (first === undefined || !isAlike) throw new TypeError(`${opType} of unlike or padded values.`);
    return {
      ...first,
      name: this.graph.node(
        opType,
        inputs.map(({ name }) => name),
        { attributes },
      ),
    };
  }

  /**
   * A convolution, with the bias that is added to it.
   *
   * @param {Node} node
   * @param {string} bias
   * @returns {Value}
   */
  convolution(node, bias) {
    const kernel = node.inputs[1]?.node ?? '';
    const weights = this.graph.node('Transpose', [this.weight(kernel)], {
      attributes: { perm: [3, 2, 0, 1] },
    });
    const size = this.model.weights.get(kernel)?.shape[0] ?? 1;
    return this.#slide(node, { opType: 'Conv', operands: [weights, this.weight(bias)], size });
  }

  /** @returns {Value} */
  maxPool(/** @type {Node} */ node) {
    const [, height = 1, width = 1] = /** @type {number[]} */ (node.attributes.ksize);
    return this.#slide(node, { opType: 'MaxPool', operands: [], size: height, kernel: [height, width] });
  }

  /**
   * What slides a window over rows and columns; a padding before it becomes its own.
   *
   * @param {Node} node
   * @param {{ opType: string, operands: string[], size: number, kernel?: number[] }} window
   * @returns {Value}
   */
  #slide(node, { opType, operands, size, kernel }) {
    const { name, axes, height, pads } = this.inputOf(node);
    const { padding, data_format, dilations = [1, 1, 1, 1] } = node.attributes;
    const isPlain = padding === 'VALID' && data_format === 'NHWC' && String(dilations) === '1,1,1,1';
    if (!isPlain || String(axes) !== String(NHWC))
      throw new TypeError(`"${node.name}": unsupported ${opType}.`);
    const [, strideY = 1, strideX = 1] = /** @type {number[]} */ (node.attributes.strides);
    const [, , top = 0, left = 0, , , bottom = 0, right = 0] = pads;
    const attributes = { strides: [strideY, strideX], pads: [top, left, bottom, right] };
    return {
      name: this.graph.node(opType, [name, ...operands], {
        attributes: kernel === undefined ? attributes : { ...attributes, kernel_shape: kernel },
      }),
      axes,
      height: Math.floor((height + top + bottom - size) / strideY) + 1,
      pads: [],
    };
  }

  #node(/** @type {string} */ name) {
    const node = this.model.nodes.get(name);
    if (node === undefined) throw new RangeError(`The graph has no node "${name}".`);
    return node;
  }
}
