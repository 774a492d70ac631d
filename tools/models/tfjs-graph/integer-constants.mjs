/**
 * Works out what a value is that depends on constants alone: shapes, paddings, axes.
 *
 * @param {import('./read-graph-model.mjs').GraphModel} model
 * @param {Uint8Array} bytes The weights file.
 * @returns {(node: string) => number[]}
 */
export function integerConstants({ nodes, weights }, bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

  const read = (/** @type {string} */ name) => {
    const weight = weights.get(name);
    if (weight?.dtype !== 'int32') throw new TypeError(`"${name}" is no constant of integers.`);
    return Array.from({ length: weight.length / 4 }, (_, i) => view.getInt32(weight.offset + i * 4, true));
  };
  /** @type {(name: string) => number[]} */
  const valueOf = (name) => {
    const node = nodes.get(name);
    if (node?.op === 'Const') return read(name);
    const compute = OPERATORS[node?.op ?? ''];
    if (node === undefined || compute === undefined) {
      throw new TypeError(`"${name}" (${node?.op}) cannot be worked out before the graph runs.`);
    }
    return compute(node.inputs.map((input) => valueOf(input.node)));
  };
  return valueOf;
}

/** @type {Record<string, (inputs: number[][]) => number[]>} */
const OPERATORS = {
  AddV2: ([left = [], right = []]) => left.map((value, index) => value + (right[index] ?? 0)),
  SparseToDense: ([indices = [], shape = [], , fill = []]) => {
    if (indices.length > 0) throw new TypeError('SparseToDense of single elements is not supported.');
    return Array.from({ length: shape[0] ?? 0 }, () => fill[0] ?? 0);
  },
};
