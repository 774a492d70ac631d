import { bytesPerElement, elementCount, type AnyDType, type AnyTensor } from '@ganglion/tensor';
import { writeAttribute, type Attribute } from './attribute.js';
import { ProtobufWriter } from './protobuf-writer.js';
import { DATA_TYPE, writeExternalTensor, writeTensor, type ExternalTensor } from './tensor-proto.js';

export interface GraphOptions {
  readonly name?: string;
  /** Version of ONNX's own operators. */
  readonly opset?: number;
  /** Versions of further operator domains; `com.microsoft` is 1 without being said. */
  readonly domains?: Readonly<Record<string, number>>;
  /** For the body of an `If`, `Loop` or `Scan`: the graph around it, whose values it may use. */
  readonly outer?: GraphBuilder;
}

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Operator domain; ONNX's own unless told otherwise. */
  readonly domain?: string;
}

/** An axis that is a number, or a name where it is known at run time only: `['batch', 384]`. */
export type SymbolicShape = readonly (number | string)[];

const MODEL = { irVersion: 1, producerName: 2, graph: 7, opsetImport: 8 } as const;
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 } as const;
const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7 } as const;
/** IR version 10 goes with opset 21. */
const IR_VERSION = 10;
const OPSET = 21;

type Part = (graph: ProtobufWriter) => void;

/**
 * Builds an ONNX graph node by node, in the order in which it runs; every value has a name, and a node gives back the
 * names of what it made. Weights may stay in the publisher's own file ({@link GraphBuilder.externalTensor}).
 *
 * @source onnx/onnx.proto (IR version 10)
 */
export class GraphBuilder {
  private readonly parts: Part[] = [];
  private readonly values = new Set<string>();
  private readonly domains: Map<string, number>;
  private nodeCount = 0;

  constructor(private readonly options: GraphOptions = {}) {
    this.domains = new Map(Object.entries({ '': options.opset ?? OPSET, ...options.domains }));
  }

  /** Declares an input of the graph; gives back its name. */
  input(name: string, dtype: AnyDType, shape: SymbolicShape): string {
    this.define(name);
    this.parts.push((graph) =>
      graph.message(GRAPH.input, (info) => writeValueInfo(info, { name, dtype, shape })),
    );
    return name;
  }

  /** Adds a tensor whose elements are written into the graph. */
  constant(name: string, value: AnyTensor): string {
    this.define(name);
    this.parts.push((graph) => graph.message(GRAPH.initializer, (proto) => writeTensor(proto, name, value)));
    return name;
  }

  /**
   * Adds a tensor whose elements lie in another file.
   *
   * @throws RangeError when `length` is not what dtype and shape take.
   */
  externalTensor(name: string, value: ExternalTensor): string {
    const expected = elementCount(value.shape) * bytesPerElement(value.dtype);
    if (value.length !== expected) {
      throw new RangeError(`"${name}" takes ${expected} bytes by its shape, not ${value.length}.`);
    }
    this.define(name);
    this.parts.push((graph) =>
      graph.message(GRAPH.initializer, (proto) => writeExternalTensor(proto, name, value)),
    );
    return name;
  }

  /**
   * Adds a node; gives back the name of its output, or the names in `outputs` where they are given.
   *
   * @param inputs Names of values that exist; '' leaves an optional input out.
   * @throws ReferenceError when an input is not there yet; RangeError when an output is there already.
   */
  node(opType: string, inputs: readonly string[], options?: NodeOptions): string;
  node<const Names extends readonly string[]>(
    opType: string,
    inputs: readonly string[],
    options: NodeOptions & { readonly outputs: Names },
  ): Names;
  node(
    opType: string,
    inputs: readonly string[],
    options: NodeOptions & { readonly outputs?: readonly string[] } = {},
  ): string | readonly string[] {
    this.nodeCount += 1;
    const { attributes = {}, domain = '', outputs } = options;
    const name = `${opType}_${this.nodeCount}`;
    const outputNames = outputs ?? [name];
    for (const input of inputs) this.require(input);
    for (const output of outputNames) if (output !== '') this.define(output);
    if (!this.domains.has(domain)) this.domains.set(domain, 1);
    this.parts.push((graph) =>
      graph.message(GRAPH.node, (node) => {
        for (const input of inputs) node.string(NODE.input, input);
        for (const output of outputNames) node.string(NODE.output, output);
        node.string(NODE.name, name).string(NODE.opType, opType).string(NODE.domain, domain);
        for (const [key, value] of Object.entries(attributes)) {
          node.message(NODE.attribute, (attribute) => writeAttribute(attribute, key, value));
        }
      }),
    );
    return outputs ?? name;
  }

  /** Declares a value that exists as an output of the graph. */
  output(name: string, dtype: AnyDType, shape: SymbolicShape): void {
    this.require(name);
    this.parts.push((graph) =>
      graph.message(GRAPH.output, (info) => writeValueInfo(info, { name, dtype, shape })),
    );
  }

  /** The model as the bytes of an `.onnx` file; the same calls give the same bytes. */
  toBytes(): Uint8Array {
    const model = new ProtobufWriter()
      .varint(MODEL.irVersion, IR_VERSION)
      .string(MODEL.producerName, 'ganglion');
    model.message(MODEL.graph, (graph) => this.writeGraph(graph));
    for (const [domain, version] of this.domains) {
      model.message(MODEL.opsetImport, (opset) => opset.string(1, domain).varint(2, version));
    }
    return model.finish();
  }

  /** Writes `onnx.GraphProto`: for a graph that is the attribute of a node. */
  writeGraph(graph: ProtobufWriter): void {
    graph.string(GRAPH.name, this.options.name ?? 'graph');
    for (const write of this.parts) write(graph);
  }

  private has(name: string): boolean {
    return this.values.has(name) || (this.options.outer?.has(name) ?? false);
  }

  private define(name: string): void {
    if (name === '' || this.has(name)) throw new RangeError(`There is a value "${name}" already.`);
    this.values.add(name);
  }

  private require(name: string): void {
    if (name !== '' && !this.has(name))
      throw new ReferenceError(`There is no value "${name}" in the graph yet.`);
  }
}

/** Writes `onnx.ValueInfoProto` of a tensor: name 1, type 2 { tensor_type 1 { elem_type 1, shape 2 } }. */
function writeValueInfo(
  info: ProtobufWriter,
  value: { readonly name: string; readonly dtype: AnyDType; readonly shape: SymbolicShape },
): void {
  info.string(1, value.name).message(2, (type) =>
    type.message(1, (tensorType) =>
      tensorType.varint(1, DATA_TYPE[value.dtype]).message(2, (shape) => {
        for (const axis of value.shape) {
          shape.message(1, (dim) => (typeof axis === 'number' ? dim.varint(1, axis) : dim.string(2, axis)));
        }
      }),
    ),
  );
}
