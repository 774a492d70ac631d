import type { AnyTensor } from '@ganglion/tensor';
import type { ProtobufWriter } from './protobuf-writer.js';
import { writeTensor } from './tensor-proto.js';

/** A number that ONNX must read as FLOAT, whole or not. */
export class Float {
  constructor(readonly value: number) {}
}

/** Numbers that ONNX must read as FLOATS. */
export class Floats {
  constructor(readonly values: readonly number[]) {}
}

/** Marks an attribute as FLOAT: `{ epsilon: float(1e-12) }`. */
export const float = (value: number): Float => new Float(value);

/** Marks an attribute as FLOATS: `{ scales: floats([1, 2]) }`. */
export const floats = (values: readonly number[]): Floats => new Floats(values);

/** A graph that is the body of an `If`, `Loop` or `Scan`: a GraphBuilder. */
export interface Subgraph {
  writeGraph(graph: ProtobufWriter): void;
}

/**
 * The value of a node's attribute. A plain number is an INT and must be whole, an array of numbers is INTS; a FLOAT
 * is marked by {@link float}.
 */
export type Attribute =
  number | readonly number[] | Float | Floats | string | readonly string[] | AnyTensor | Subgraph;

/** AttributeProto's field numbers and AttributeType's values. */
const FIELD = { name: 1, f: 2, i: 3, s: 4, t: 5, g: 6, floats: 7, ints: 8, strings: 9, type: 20 } as const;
const TYPE = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7, strings: 8 } as const;

/**
 * Writes `onnx.AttributeProto`.
 *
 * @source onnx/onnx.proto, AttributeProto (IR version 10)
 * @throws TypeError when a plain number is not whole.
 */
export function writeAttribute(proto: ProtobufWriter, name: string, value: Attribute): void {
  proto.string(FIELD.name, name);
  if (typeof value === 'number') {
    proto.varint(FIELD.i, whole(name, value)).varint(FIELD.type, TYPE.int);
  } else if (typeof value === 'string') {
    proto.string(FIELD.s, value).varint(FIELD.type, TYPE.string);
  } else if (value instanceof Float) {
    proto.float(FIELD.f, value.value).varint(FIELD.type, TYPE.float);
  } else if (value instanceof Floats) {
    for (const item of value.values) proto.float(FIELD.floats, item);
    proto.varint(FIELD.type, TYPE.floats);
  } else if (isArray(value)) {
    writeList(proto, name, value);
  } else if ('dtype' in value) {
    proto.message(FIELD.t, (tensor) => writeTensor(tensor, '', value)).varint(FIELD.type, TYPE.tensor);
  } else {
    proto.message(FIELD.g, (graph) => value.writeGraph(graph)).varint(FIELD.type, TYPE.graph);
  }
}

/** ONNX does not pack repeated numbers of an attribute. */
function writeList(proto: ProtobufWriter, name: string, values: readonly (number | string)[]): void {
  for (const item of values) {
    if (typeof item === 'string') proto.string(FIELD.strings, item);
    else proto.varint(FIELD.ints, whole(name, item));
  }
  proto.varint(FIELD.type, typeof values[0] === 'string' ? TYPE.strings : TYPE.ints);
}

function whole(name: string, value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new TypeError(`The attribute "${name}" = ${value} is not whole: write float(${value}) for a FLOAT.`);
}

function isArray(value: Attribute): value is readonly number[] | readonly string[] {
  return Array.isArray(value);
}
