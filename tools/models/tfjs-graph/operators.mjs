import { float } from '@ganglion/inference/onnx-graph';
import { tensor } from '@ganglion/tensor';

/**
 * @typedef {import('./read-graph-model.mjs').Node} Node
 * @typedef {import('./graph-translator.mjs').Value} Value
 * @typedef {import('./graph-translator.mjs').GraphTranslator} GraphTranslator
 */

const NHWC = [0, 2, 3, 1];
const IN_PLACE = [0, 1, 2, 3];

/** @type {(axes: readonly number[], perm: number[]) => number[]} */
const permuted = (axes, perm) => perm.map((axis) => axes[axis] ?? axis);

/**
 * One entry a TensorFlow operator.
 *
 * @type {Record<string, (translator: GraphTranslator, node: Node) => Value | Value[]>}
 */
export const OPERATORS = {
  Identity: (t, node) => t.inputOf(node),
  Sigmoid: (t, node) => t.elementwise('Sigmoid', [t.inputOf(node)]),
  LeakyRelu: (t, node) =>
    t.elementwise('LeakyRelu', [t.inputOf(node)], { alpha: float(Number(node.attributes.alpha)) }),
  Add(t, node) {
    const [left, right] = [t.sourceOf(node, 0), t.sourceOf(node, 1)];
    const isBiased = left.op === 'Conv2D' && right.op === 'Const';
    return isBiased
      ? t.convolution(left, right.name)
      : t.elementwise('Add', [t.inputOf(node), t.inputOf(node, 1)]);
  },
  Transpose(t, node) {
    const value = t.inputOf(node);
    return { ...value, axes: permuted(value.axes, t.integersOf(node, 1)) };
  },
  Pad(t, node) {
    const value = t.inputOf(node);
    if (value.pads.length > 0) throw new TypeError(`"${node.name}" pads twice.`);
    const amounts = t.integersOf(node, 1);
    const pads = new Array(amounts.length).fill(0);
    value.axes.forEach((stored, axis) => {
      pads[stored] = amounts[axis * 2] ?? 0;
      pads[stored + value.axes.length] = amounts[axis * 2 + 1] ?? 0;
    });
    return { ...value, pads };
  },
  // Padding with the least of all numbers is what ONNX's MaxPool does by itself.
  PadV2: (t, node) => OPERATORS.Pad?.(t, node) ?? [],
  MaxPool: (t, node) => t.maxPool(node),
  ConcatV2(t, node) {
    const parts = node.inputs.slice(0, -1).map((ref) => t.value(ref));
    const [axis = 0] = t.integersOf(node, parts.length);
    return t.elementwise('Concat', parts, { axis: parts[0]?.axes[axis] ?? axis });
  },
  SplitV(t, node) {
    const value = t.inputOf(node);
    const sizes = t.integersOf(node, 1);
    const [axis = 0] = t.integersOf(node, 2);
    const outputs = sizes.map((_, index) => `${node.name}:${index}`);
    const split = t.graph.constant(
      `${node.name}/sizes`,
      tensor('int64', [sizes.length], BigInt64Array.from(sizes.map(BigInt))),
    );
    t.graph.node('Split', [value.name, split], { attributes: { axis: value.axes[axis] ?? axis }, outputs });
    return outputs.map((name) => ({ ...value, name }));
  },
  ResizeBilinear(t, node) {
    const value = t.inputOf(node);
    const { align_corners, half_pixel_centers } = node.attributes;
    const isPlain = align_corners === false && half_pixel_centers === true;
    if (!isPlain || String(value.axes) !== String(NHWC))
      throw new TypeError(`"${node.name}": unsupported resize.`);
    const [height = 1] = t.integersOf(node, 1);
    const scale = height / value.height;
    const scales = t.graph.constant(
      `${node.name}/scales`,
      tensor('float32', [2], Float32Array.of(scale, scale)),
    );
    const attributes = { mode: 'linear', coordinate_transformation_mode: 'half_pixel', axes: [2, 3] };
    return { ...value, height, name: t.graph.node('Resize', [value.name, '', scales], { attributes }) };
  },
  // Only the batch is fixed in these graphs: 0 keeps it free.
  Reshape(t, node) {
    const value = t.inputOf(node);
    if (String(value.axes) !== String(IN_PLACE)) throw new TypeError(`"${node.name}" reshapes turned axes.`);
    const [, ...rest] = t.integersOf(node, 1);
    const shape = [0, ...rest].map(BigInt);
    const constant = t.graph.constant(
      `${node.name}/shape`,
      tensor('int64', [shape.length], BigInt64Array.from(shape)),
    );
    const name = t.graph.node('Reshape', [value.name, constant]);
    return { ...value, name, axes: shape.map((_, axis) => axis) };
  },
};
