/**
 * The graph of EfficientNet-Lite0 over its publisher's untouched weights.
 *
 * Usage: node tools/models/efficientnet/efficientnet-graph.mjs <publisher's efficientnet-lite0-57934424.pth>
 * writes tools/bench/models/efficientnet-lite0/graph.onnx.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { float, GraphBuilder, readTorchIndex } from '@ganglion/inference/onnx-graph';
import { tensor } from '@ganglion/tensor';

const GRAPH = new URL('../../bench/models/efficientnet-lite0/graph.onnx', import.meta.url);
/** The name by which the graph refers to the publisher's file. */
const WEIGHTS = 'efficientnet-lite0.pth';
/** Of each stage: its blocks, and the stride of the first one. Kernels and channels are those of the weights. */
const STAGES = [
  { blocks: 1, stride: 1 },
  { blocks: 2, stride: 2 },
  { blocks: 2, stride: 2 },
  { blocks: 3, stride: 2 },
  { blocks: 3, stride: 1 },
  { blocks: 4, stride: 2 },
  { blocks: 1, stride: 1 },
];
const CLASSES = 1_000;
const EPSILON = 1e-3;

/**
 * Input `image` float32 `[batch, 3, height, width]`, RGB, (pixel - 127) / 128, trained at 224 x 224. Output `logits`
 * float32 `[batch, 1000]`: the classes of ImageNet-1k in the order of their WordNet ids.
 *
 * @source Tan and Le 2019 (arXiv:1905.11946); tensorflow/tpu, models/official/efficientnet/lite; the names of the
 *   weights: efficientnet-lite-pytorch 0.1.0
 * @param {Uint8Array} weights The publisher's file.
 * @returns {Uint8Array} The bytes of an `.onnx` file that lies beside `efficientnet-lite0.pth`.
 */
export function makeEfficientNetGraph(weights) {
  const graph = new GraphBuilder({ name: 'efficientnet-lite0' });
  const layers = new EfficientNetLayers(graph, readTorchIndex(weights));
  const image = graph.input('image', 'float32', ['batch', 3, 'height', 'width']);
  let state = layers.activate(layers.convolve(image, { weights: '_conv_stem', norm: '_bn0', stride: 2 }));
  let block = 0;
  for (const { blocks, stride } of STAGES) {
    for (let index = 0; index < blocks; index += 1) {
      const [name, input] = [`_blocks.${block}`, state];
      state = layers.bottleneck(input, name, { isExpanded: block > 0, stride: index === 0 ? stride : 1 });
      // Only the first block of a stage changes the shape.
      if (index > 0) state = graph.node('Add', [state, input]);
      block += 1;
    }
  }
  state = layers.activate(layers.convolve(state, { weights: '_conv_head', norm: '_bn1' }));
  const pooled = graph.node('Flatten', [graph.node('GlobalAveragePool', [state])]);
  const [logits] = graph.node('Gemm', [pooled, layers.weight('_fc.weight'), layers.weight('_fc.bias')], {
    attributes: { transB: 1 },
    outputs: ['logits'],
  });
  graph.output(logits, 'float32', ['batch', CLASSES]);
  return graph.toBytes();
}

class EfficientNetLayers {
  /**
   * @param {GraphBuilder} graph
   * @param {ReadonlyMap<string, import('@ganglion/inference/onnx-graph').TorchTensor>} index
   */
  constructor(graph, index) {
    this.graph = graph;
    this.index = index;
    this.zero = graph.constant('zero', tensor('float32', [], Float32Array.of(0)));
    this.six = graph.constant('six', tensor('float32', [], Float32Array.of(6)));
  }

  /**
   * An inverted bottleneck: 1 x 1 to six times the channels, each channel by itself, 1 x 1 back to few.
   *
   * @param {string} input
   * @param {string} name
   * @param {{ isExpanded: boolean, stride: number }} options
   */
  bottleneck(input, name, { isExpanded, stride }) {
    const expand = { weights: `${name}._expand_conv`, norm: `${name}._bn0` };
    const wide = isExpanded ? this.activate(this.convolve(input, expand)) : input;
    const depthwise = { weights: `${name}._depthwise_conv`, norm: `${name}._bn1`, stride, isDepthwise: true };
    const filtered = this.activate(this.convolve(wide, depthwise));
    return this.convolve(filtered, { weights: `${name}._project_conv`, norm: `${name}._bn2` });
  }

  /**
   * A convolution, padded as TensorFlow does it, and its batch normalisation, which ONNX Runtime merges with it.
   *
   * @param {string} input
   * @param {{ weights: string, norm: string, stride?: number, isDepthwise?: boolean }} options
   */
  convolve(input, { weights, norm, stride = 1, isDepthwise = false }) {
    const norms = ['weight', 'bias', 'running_mean', 'running_var'].map((part) => `${norm}.${part}`);
    const convolved = this.graph.node('Conv', [input, this.weight(`${weights}.weight`)], {
      attributes: {
        auto_pad: 'SAME_UPPER',
        strides: [stride, stride],
        group: isDepthwise ? (this.entry(`${norm}.weight`).shape[0] ?? 1) : 1,
      },
    });
    return this.graph.node('BatchNormalization', [convolved, ...norms.map((part) => this.weight(part))], {
      attributes: { epsilon: float(EPSILON) },
    });
  }

  /** ReLU6 */
  activate(/** @type {string} */ input) {
    return this.graph.node('Clip', [input, this.zero, this.six]);
  }

  /** A weight as torch has it: what lies turned, as in the TensorFlow file that it came from, is turned back at load. */
  weight(/** @type {string} */ name) {
    const { perm, ...stored } = this.entry(name);
    const isTurned = perm.some((from, axis) => from !== axis);
    const value = this.graph.externalTensor(name, { ...stored, location: WEIGHTS });
    return isTurned ? this.graph.node('Transpose', [value], { attributes: { perm } }) : value;
  }

  entry(/** @type {string} */ name) {
    const entry = this.index.get(name);
    if (entry === undefined) throw new RangeError(`"${WEIGHTS}" holds no tensor "${name}".`);
    return entry;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , weights] = process.argv;
  if (weights === undefined)
    throw new Error('usage: efficientnet-graph.mjs <efficientnet-lite0-57934424.pth>');
  writeFileSync(GRAPH, makeEfficientNetGraph(readFileSync(weights)));
}
