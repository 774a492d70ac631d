import { readProtobuf } from './protobuf-reader.js';

/** Which other files an ONNX graph takes weights from. */
export interface ExternalData {
  /** Of the graph's own initialisers: ONNX Runtime takes these from memory. */
  readonly locations: ReadonlySet<string>;
  /** Of tensors inside of attributes, branches and functions: ONNX Runtime would read these from the disk. */
  readonly nested: ReadonlySet<string>;
}

/** Field numbers of onnx.proto: the ways from a model down to its tensors. */
const MODEL = { graph: 7, functions: 25 } as const;
const GRAPH = { node: 1, initializer: 5, sparseInitializer: 15 } as const;
const FUNCTION = { node: 7 } as const;
const NODE = { attribute: 5 } as const;
const ATTRIBUTE = { tensor: 5, graph: 6, tensors: 10, graphs: 11, sparse: 22, sparses: 23 } as const;
const SPARSE = { values: 1, indices: 2 } as const;
const TENSOR = { externalData: 13 } as const;

/** Deeper than any real graph; a graph made to overflow the stack ends here. */
const MAX_DEPTH = 64;

/**
 * Finds every file that an ONNX model would take weights from.
 *
 * @source onnx/onnx.proto (IR version 10), onnx/docs/ExternalData.md
 * @throws RangeError when the bytes are no protobuf, are cut short or nest too deep.
 */
export function findExternalData(model: Uint8Array): ExternalData {
  const locations = new Set<string>();
  const nested = new Set<string>();
  for (const { number, bytes } of readProtobuf(model)) {
    if (bytes === undefined) continue;
    if (number === MODEL.graph) walkGraph(bytes, { own: locations, nested, depth: 0 });
    if (number === MODEL.functions) walkNodes(bytes, FUNCTION.node, { own: nested, nested, depth: 0 });
  }
  return { locations, nested };
}

interface Walk {
  /** Takes the locations of the initialisers of this graph. */
  readonly own: Set<string>;
  readonly nested: Set<string>;
  readonly depth: number;
}

function walkGraph(graph: Uint8Array, walk: Walk): void {
  if (walk.depth > MAX_DEPTH) throw new RangeError('The graph nests too deep.');
  for (const { number, bytes } of readProtobuf(graph)) {
    if (bytes === undefined) continue;
    if (number === GRAPH.initializer) addLocation(bytes, walk.own);
    if (number === GRAPH.sparseInitializer) walkSparse(bytes, walk.nested);
  }
  walkNodes(graph, GRAPH.node, walk);
}

function walkNodes(owner: Uint8Array, nodeField: number, walk: Walk): void {
  for (const node of readProtobuf(owner)) {
    if (node.number !== nodeField || node.bytes === undefined) continue;
    for (const attribute of readProtobuf(node.bytes)) {
      if (attribute.number === NODE.attribute && attribute.bytes !== undefined)
        walkAttribute(attribute.bytes, walk);
    }
  }
}

function walkAttribute(attribute: Uint8Array, { nested, depth }: Walk): void {
  for (const { number, bytes } of readProtobuf(attribute)) {
    if (bytes === undefined) continue;
    if (number === ATTRIBUTE.tensor || number === ATTRIBUTE.tensors) addLocation(bytes, nested);
    if (number === ATTRIBUTE.sparse || number === ATTRIBUTE.sparses) walkSparse(bytes, nested);
    if (number === ATTRIBUTE.graph || number === ATTRIBUTE.graphs) {
      walkGraph(bytes, { own: nested, nested, depth: depth + 1 });
    }
  }
}

function walkSparse(sparse: Uint8Array, nested: Set<string>): void {
  for (const { number, bytes } of readProtobuf(sparse)) {
    if (bytes !== undefined && (number === SPARSE.values || number === SPARSE.indices))
      addLocation(bytes, nested);
  }
}

/** TensorProto.external_data holds pairs of key (1) and value (2). */
function addLocation(tensor: Uint8Array, locations: Set<string>): void {
  for (const { number, bytes } of readProtobuf(tensor)) {
    if (number !== TENSOR.externalData || bytes === undefined) continue;
    const [key, value] = [1, 2].map((field) => {
      const found = [...readProtobuf(bytes)].find((entry) => entry.number === field);
      return new TextDecoder().decode(found?.bytes);
    });
    if (key === 'location') locations.add(value ?? '');
  }
}
