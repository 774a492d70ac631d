import { bytesPerElement, elementCount } from '@ganglion/tensor';

/**
 * Where a constant lies in the weights file, in bytes. `float16` is what is stored; TensorFlow.js widens it.
 *
 * @typedef {{ dtype: 'float32' | 'float16' | 'int32', shape: readonly number[], offset: number, length: number }} Weight
 *
 * An operation: its inputs by name and number of the output that is meant.
 *
 * @typedef {{ name: string, op: string, inputs: readonly Ref[], attributes: Readonly<Record<string, unknown>> }} Node
 * @typedef {{ node: string, output: number }} Ref
 *
 * @typedef {{ nodes: ReadonlyMap<string, Node>, weights: ReadonlyMap<string, Weight> }} GraphModel
 */

/**
 * Reads the JSON of a TensorFlow.js graph model; the weights stay where they are.
 *
 * @source tfjs 4.22, tfjs-converter `compiled_api.d.ts` and tfjs-core `io/types.ts`
 * @throws TypeError for weights that are spread over files or quantised to anything but float16.
 */
export function readGraphModel(/** @type {any} */ json) {
  if (json.format !== 'graph-model') throw new TypeError('This is no TensorFlow.js graph model.');
  if (json.weightsManifest.length !== 1 || json.weightsManifest[0].paths.length !== 1) {
    throw new TypeError('The weights must be one file.');
  }
  const nodes = json.modelTopology.node.map((/** @type {any} */ node) => [node.name, readNode(node)]);
  return /** @type {GraphModel} */ ({
    nodes: new Map(nodes),
    weights: readWeights(json.weightsManifest[0].weights),
  });
}

/** @returns {Node} */
function readNode(/** @type {any} */ { name, op, input = [], attr = {} }) {
  return {
    name,
    op,
    inputs: input.map(readRef),
    attributes: Object.fromEntries(Object.entries(attr).map(([key, value]) => [key, readAttribute(value)])),
  };
}

/** @returns {Ref} */
function readRef(/** @type {string} */ text) {
  const [node = '', output = '0'] = text.split(':');
  return { node, output: Number(output) };
}

function readAttribute(/** @type {any} */ value) {
  if ('list' in value) return (value.list.i ?? []).map(Number);
  if ('s' in value) return Buffer.from(value.s, 'base64').toString();
  if ('i' in value) return Number(value.i);
  return value.f ?? value.b ?? value.type ?? value.shape;
}

/** The constants follow each other without a gap, in the manifest's order. */
function readWeights(/** @type {any[]} */ entries) {
  /** @type {Map<string, Weight>} */
  const weights = new Map();
  let offset = 0;
  for (const { name, shape, dtype, quantization } of entries) {
    const stored = quantization?.dtype ?? dtype;
    if (!['float32', 'float16', 'int32'].includes(stored)) {
      throw new TypeError(`"${name}" is stored as ${stored}, which is not supported.`);
    }
    const length = elementCount(shape) * bytesPerElement(stored);
    weights.set(name, { dtype: stored, shape, offset, length });
    offset += length;
  }
  return weights;
}
