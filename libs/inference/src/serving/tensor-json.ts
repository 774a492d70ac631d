import type { TensorJson } from '@ganglion/contracts/model-manifest';
import { elementCount, ELEMENT_ARRAYS, tensor, type Tensor } from '@ganglion/tensor';

/**
 * A tensor as a manifest writes it.
 *
 * @throws TensorError data_mismatch when its data are not as many as its shape says.
 */
export function fromTensorJson({ dtype, shape, data }: TensorJson): Tensor {
  if (dtype === 'int64') return tensor(dtype, shape, BigInt64Array.from(data, BigInt));
  return tensor(dtype, shape, new ELEMENT_ARRAYS[dtype](data));
}

/** The elements as numbers; int64 beyond 2^53 loses its last digits, float16 is decoded. */
export function toNumbers(value: Tensor): Float64Array {
  const numbers = new Float64Array(elementCount(value.shape));
  value.data.forEach((element, index) => {
    numbers[index] = value.dtype === 'float16' ? fromHalf(Number(element)) : Number(element);
  });
  return numbers;
}

/** @source IEEE 754 binary16 */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  const magnitude = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return sign * magnitude;
}
