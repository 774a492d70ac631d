import { bytesOf, type AnyDType, type AnyTensor, type DType } from '@ganglion/tensor';
import type { ProtobufWriter } from './protobuf-writer.js';

/** onnx.TensorProto.DataType. */
export const DATA_TYPE = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
} as const satisfies Record<AnyDType, number>;

/** Where a tensor lies in a file, little-endian and row-major. */
export interface StoredTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** From the start of the file, in bytes. */
  readonly offset: number;
  /** In bytes. */
  readonly length: number;
}

/** A tensor that lies in another file than the graph. */
export interface ExternalTensor extends StoredTensor {
  /** File name, relative to the folder of the graph. */
  readonly location: string;
}

const FIELD = {
  dims: 1,
  dataType: 2,
  stringData: 6,
  name: 8,
  rawData: 9,
  externalData: 13,
  dataLocation: 14,
} as const;
const LOCATION_EXTERNAL = 1;

/** Writes `onnx.TensorProto` with its elements inside. */
export function writeTensor(proto: ProtobufWriter, name: string, value: AnyTensor): void {
  writeHeader(proto, name, value);
  if (value.dtype === 'string') {
    const { data, offsets } = value;
    for (let text = 1; text < offsets.length; text += 1)
      proto.bytes(FIELD.stringData, data.subarray(offsets[text - 1], offsets[text]));
    return;
  }
  // ONNX raw data is little-endian, and so is every machine that onnxruntime-node runs on.
  proto.bytes(FIELD.rawData, bytesOf(value));
}

/**
 * Writes `onnx.TensorProto` that points into another file.
 *
 * @source onnx/docs/ExternalData.md
 */
export function writeExternalTensor(proto: ProtobufWriter, name: string, value: ExternalTensor): void {
  writeHeader(proto, name, value);
  const { location, offset, length } = value;
  for (const [key, entry] of Object.entries({ location, offset, length })) {
    proto.message(FIELD.externalData, (pair) => pair.string(1, key).string(2, String(entry)));
  }
  proto.varint(FIELD.dataLocation, LOCATION_EXTERNAL);
}

function writeHeader(
  proto: ProtobufWriter,
  name: string,
  value: { readonly dtype: AnyDType; readonly shape: readonly number[] },
): void {
  for (const axis of value.shape) proto.varint(FIELD.dims, axis);
  proto.varint(FIELD.dataType, DATA_TYPE[value.dtype]).string(FIELD.name, name);
}
