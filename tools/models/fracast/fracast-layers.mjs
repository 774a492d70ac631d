import { tensor } from '@ganglion/tensor';

const CONTEXT = 2_048;
const WIDTH = 64;
const KERNEL = 3;
const SCALE_FREQUENCIES = 4;
/** What torch adds when it is told no epsilon: the distance from 1 to the next float32. */
const EPSILON = 2 ** -23;

/**
 * The layers that Fracast-0 is made of; states are float32 `[batch, steps, 64]`.
 *
 * @typedef {import('@ganglion/inference/onnx-graph').GraphBuilder} GraphBuilder
 * @typedef {import('@ganglion/inference/onnx-graph').StoredTensor} StoredTensor
 */
export class FracastLayers {
  /**
   * @param {GraphBuilder} graph
   * @param {ReadonlyMap<string, StoredTensor>} index
   * @param {string} location
   */
  constructor(graph, index, location) {
    this.graph = graph;
    this.index = index;
    this.location = location;
    /** @type {Set<string>} */
    this.added = new Set();
    this.one = this.numbers('one', [], [1]);
    this.epsilon = this.numbers('epsilon', [], [EPSILON]);
    this.lastAxis = this.integers('last_axis', [-1]);
    this.stepAxis = this.integers('step_axis', [1]);
    this.end = this.integers('end', [CONTEXT * 2]);
  }

  /** A convolution over the steps, then SwiGLU, each added to what it read and normed. */
  block(/** @type {string} */ input, /** @type {string} */ name, /** @type {number} */ dilation) {
    const mixed = this.linear(this.convolve(input, name, dilation), `${name}.pw`);
    const middle = this.rmsNorm(this.graph.node('Add', [input, mixed]), `${name}.norm1`);
    const fed = this.swiGlu(middle, `${name}.ffn`);
    return this.rmsNorm(this.graph.node('Add', [middle, fed]), `${name}.norm2`);
  }

  /** Each channel by itself over the step and those before it. */
  convolve(/** @type {string} */ input, /** @type {string} */ name, /** @type {number} */ dilation) {
    const turn = { attributes: { perm: [0, 2, 1] } };
    const channels = this.graph.node('Transpose', [input], turn);
    const weights = [this.weight(`${name}.dw_weight`), this.weight(`${name}.dw_bias`)];
    const convolved = this.graph.node('Conv', [channels, ...weights], {
      attributes: { dilations: [dilation], group: WIDTH, pads: [(KERNEL - 1) * dilation, 0] },
    });
    return this.graph.node('Transpose', [convolved], turn);
  }

  /** silu(a) · b of the two halves a and b of a projection, projected back. */
  swiGlu(/** @type {string} */ input, /** @type {string} */ name) {
    const { graph } = this;
    const up = this.linear(input, `${name}.up`);
    const halves = /** @type {const} */ ([`${up}_gate`, `${up}_value`]);
    const [gate, value] = graph.node('Split', [up], {
      attributes: { axis: -1, num_outputs: 2 },
      outputs: halves,
    });
    const opened = graph.node('Mul', [gate, graph.node('Sigmoid', [gate])]);
    return this.linear(graph.node('Mul', [opened, value]), `${name}.down`);
  }

  /** Scales and shifts the channels by what the network learned for a dilation of 2 ** stage. */
  conditionOnScale(/** @type {string} */ input, /** @type {number} */ stage) {
    const { graph } = this;
    const angles = Array.from({ length: SCALE_FREQUENCIES }, (_, k) => (stage / 2 ** k) * Math.PI);
    const features = this.numbers(
      `scale_${stage}`,
      [1, 2 * SCALE_FREQUENCIES],
      [...angles.map(Math.sin), ...angles.map(Math.cos)],
    );
    const halves = /** @type {const} */ ([`scale_${stage}_gamma`, `scale_${stage}_beta`]);
    const [gamma, beta] = graph.node('Split', [this.linear(features, 'core.scale.to_gb')], {
      attributes: { axis: -1, num_outputs: 2 },
      outputs: halves,
    });
    const scaled = graph.node('Mul', [input, graph.node('Add', [gamma, this.one])]);
    return graph.node('Add', [scaled, beta]);
  }

  rmsNorm(/** @type {string} */ input, /** @type {string} */ name) {
    const { graph } = this;
    const square = graph.node('ReduceMean', [graph.node('Mul', [input, input]), this.lastAxis]);
    const root = graph.node('Sqrt', [graph.node('Add', [square, this.epsilon])]);
    return graph.node('Mul', [graph.node('Div', [input, root]), this.weight(`${name}.weight`)]);
  }

  /** x · Wᵀ + b */
  linear(/** @type {string} */ input, /** @type {string} */ name) {
    const turned = this.graph.node('Transpose', [this.weight(`${name}.weight`)], {
      attributes: { perm: [1, 0] },
    });
    return this.graph.node('Add', [this.graph.node('MatMul', [input, turned]), this.weight(`${name}.bias`)]);
  }

  /**
   * How far each step is from the end of the context, in five bounded ways: float32 `[1, count, 5]`.
   *
   * @param {string} name
   * @param {number} from
   * @param {number} count
   */
  recency(name, from, count) {
    const channels = Array.from({ length: count }, (_, index) => {
      const delta = (from + index - (CONTEXT - 1)) / CONTEXT;
      const distance = Math.abs(delta);
      const decays = [0.5, 2, 8].map((rate) => Math.exp(-rate * distance));
      return [delta, Math.sign(delta) * Math.log2(1 + distance), ...decays];
    });
    return this.numbers(name, [1, count, 5], channels.flat());
  }

  /** Repeats `[·, · or 1, channels]` to the batch and steps of `like`, which is `[batch, steps]`. */
  expandTo(/** @type {string} */ input, /** @type {string} */ like, /** @type {number} */ channels) {
    const { graph } = this;
    const width = this.integers(`${input}_channels`, [channels]);
    const shape = graph.node('Concat', [graph.node('Shape', [like]), width], { attributes: { axis: 0 } });
    return graph.node('Expand', [input, shape]);
  }

  asChannel(/** @type {string} */ input) {
    return this.graph.node('Unsqueeze', [input, this.lastAxis]);
  }

  concat(/** @type {string[]} */ inputs, /** @type {number} */ axis) {
    return this.graph.node('Concat', inputs, { attributes: { axis } });
  }

  lastSteps(/** @type {string} */ input, /** @type {number} */ count) {
    const start = this.integers(`${input}_last_${count}`, [-count]);
    return this.graph.node('Slice', [input, start, this.end, this.stepAxis]);
  }

  /** A tensor of the publisher's file; the same one is shared by several layers. */
  weight(/** @type {string} */ name) {
    if (this.added.has(name)) return name;
    const entry = this.index.get(name);
    if (entry === undefined) throw new RangeError(`"${this.location}" holds no tensor "${name}".`);
    this.added.add(name);
    return this.graph.externalTensor(name, { ...entry, location: this.location });
  }

  integers(/** @type {string} */ name, /** @type {number[]} */ values) {
    const data = BigInt64Array.from(values.map(BigInt));
    return this.graph.constant(name, tensor('int64', [values.length], data));
  }

  numbers(/** @type {string} */ name, /** @type {number[]} */ shape, /** @type {number[]} */ values) {
    return this.graph.constant(name, tensor('float32', shape, Float32Array.from(values)));
  }
}
