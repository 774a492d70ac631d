import type { AnyDType } from '../string-tensor.js';
import type { Shape } from '../tensor.js';
import { TensorError } from '../tensor-error.js';

/** "GTEN" */
const MAGIC = 0x4e45_5447;
const VERSION = 1;
/** Magic (4 bytes), version, dtype, rank, a byte of 0; then each axis as an unsigned 64-bit integer. */
const FIXED_BYTES = 8;
const AXIS_BYTES = 8;

/** What stands for a dtype on the wire: a number is never given to another. */
const CODES: Readonly<Record<AnyDType, number>> = {
  float32: 1,
  float64: 2,
  float16: 3,
  int8: 4,
  uint8: 5,
  int16: 6,
  uint16: 7,
  int32: 8,
  uint32: 9,
  int64: 10,
  bool: 11,
  string: 12,
};
const DTYPES = new Map(Object.entries(CODES).map(([dtype, code]) => [code, dtype as AnyDType]));

export interface TensorHeader {
  readonly dtype: AnyDType;
  readonly shape: Shape;
}

/** A multiple of 8. */
export function headerBytes(rank: number): number {
  return FIXED_BYTES + AXIS_BYTES * rank;
}

/** @throws TensorError invalid_shape for more than 255 axes. */
export function writeHeader({ dtype, shape }: TensorHeader, target: Uint8Array): void {
  if (shape.length > 255) {
    throw new TensorError('invalid_shape', `A tensor of ${shape.length} axes can't be written: 255 can.`);
  }
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  view.setUint32(0, MAGIC, true);
  view.setUint8(4, VERSION);
  view.setUint8(5, CODES[dtype]);
  view.setUint8(6, shape.length);
  shape.forEach((axis, index) => {
    view.setBigUint64(headerBytes(index), BigInt(axis), true);
  });
}

/** @throws TensorError malformed */
export function readHeader(bytes: Uint8Array): TensorHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < FIXED_BYTES || view.getUint32(0, true) !== MAGIC) {
    throw malformed('they do not begin with "GTEN" and its header');
  }
  const [version, code, rank, zero] = bytes.subarray(4, FIXED_BYTES) as unknown as [
    number,
    number,
    number,
    number,
  ];
  if (version !== VERSION) throw malformed(`they are of version ${version}, and ${VERSION} is read`);
  const dtype = DTYPES.get(code);
  if (dtype === undefined) throw malformed(`there is no dtype of number ${code}`);
  if (zero !== 0) throw malformed('byte 7 of the header is not 0');
  if (bytes.length < headerBytes(rank)) throw malformed(`they end within the header of ${rank} axes`);
  const shape = Array.from({ length: rank }, (_, index) => {
    const axis = view.getBigUint64(headerBytes(index), true);
    if (axis > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed(`an axis of ${axis} can't be counted`);
    return Number(axis);
  });
  return { dtype, shape };
}

export function malformed(reason: string): TensorError {
  return new TensorError('malformed', `The bytes are no tensor: ${reason}.`);
}
