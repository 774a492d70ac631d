import type { AnyTensor } from './string-tensor.js';
import { TensorError } from './tensor-error.js';

/** The array that holds the elements of each dtype. float16 keeps raw IEEE 754 halves, bool keeps 0 or 1. */
export const ELEMENT_ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const;

export type DType = keyof typeof ELEMENT_ARRAYS;

/** The typed array that a tensor of this dtype holds. */
export type ElementArray<D extends DType = DType> = InstanceType<(typeof ELEMENT_ARRAYS)[D]>;

export type Shape = readonly number[];

/** Elements in row-major order (the last axis runs fastest) over one ArrayBuffer; a shape of `[]` is a scalar. */
export interface Tensor<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: Shape;
  readonly data: ElementArray<D>;
}

/**
 * The number of elements of a shape: the product of its axes.
 *
 * @throws TensorError invalid_shape when an axis is no whole number from 0 on, or the product is past 2^53.
 */
export function elementCount(shape: Shape): number {
  let count = 1;
  for (const axis of shape) {
    if (!Number.isSafeInteger(axis) || axis < 0) {
      throw new TensorError(
        'invalid_shape',
        `An axis of [${shape.join(', ')}] is no whole number from 0 on.`,
      );
    }
    count *= axis;
    // Checked at each step: a later axis of 0 must not hide that the shape overflows.
    if (!Number.isSafeInteger(count)) {
      throw new TensorError(
        'invalid_shape',
        `The shape [${shape.join(', ')}] has more elements than can be counted.`,
      );
    }
  }
  return count;
}

/**
 * A tensor over `data`, which is taken and not copied.
 *
 * @throws TensorError invalid_shape, or data_mismatch when `data` is of another type or length than dtype and shape say.
 */
export function tensor<D extends DType>(dtype: D, shape: Shape, data: ElementArray<D>): Tensor<D> {
  const count = elementCount(shape);
  const ArrayType = ELEMENT_ARRAYS[dtype];
  if (!(data instanceof ArrayType)) {
    throw new TensorError('data_mismatch', `A ${dtype} tensor takes a ${ArrayType.name}.`);
  }
  if (data.length !== count) {
    throw new TensorError(
      'data_mismatch',
      `The shape [${shape.join(', ')}] takes ${count} elements, not ${data.length}.`,
    );
  }
  return { dtype, shape, data };
}

/**
 * A tensor of zeros.
 *
 * @throws TensorError invalid_shape
 */
export function zeros<D extends DType>(dtype: D, shape: Shape): Tensor<D> {
  const count = elementCount(shape);
  if (count * bytesPerElement(dtype) > MAX_BYTES) {
    throw new TensorError(
      'invalid_shape',
      `A ${dtype} tensor of [${shape.join(', ')}] is too large for memory.`,
    );
  }
  return { dtype, shape, data: new ELEMENT_ARRAYS[dtype](count) as ElementArray<D> };
}

/** The longest ArrayBuffer that every supported version of Node makes: 4 GiB. */
const MAX_BYTES = 2 ** 32;

/** The size of one element in bytes. */
export function bytesPerElement(dtype: DType): number {
  return ELEMENT_ARRAYS[dtype].BYTES_PER_ELEMENT;
}

/** The size of the elements in bytes. */
export function byteLength(value: Tensor): number {
  return value.data.byteLength;
}

/** The elements as raw bytes in the machine's order, without a copy. */
export function bytesOf(value: Tensor): Uint8Array {
  return new Uint8Array(value.data.buffer, value.data.byteOffset, value.data.byteLength);
}

/**
 * The same elements under another shape, without a copy.
 *
 * @throws TensorError invalid_shape, or data_mismatch when the new shape has another number of elements.
 */
export function reshape<D extends DType>(value: Tensor<D>, shape: Shape): Tensor<D> {
  return tensor(value.dtype, shape, value.data);
}

/**
 * `value`, known to hold elements of `dtype`.
 *
 * @throws TensorError dtype_mismatch
 */
export function expectDtype<D extends DType>(value: AnyTensor, dtype: D): Tensor<D> {
  if (value.dtype !== dtype) {
    throw new TensorError('dtype_mismatch', `A ${dtype} tensor was expected, not ${value.dtype}.`);
  }
  return value as Tensor as Tensor<D>;
}

/** Whether two shapes are equal, axis by axis. */
export function sameShape(left: Shape, right: Shape): boolean {
  return left.length === right.length && left.every((axis, index) => axis === right[index]);
}
