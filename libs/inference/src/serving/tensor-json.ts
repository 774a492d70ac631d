import type { TensorJson } from '@ganglion/contracts/model-manifest';
import {
  ELEMENT_ARRAYS,
  stringTensor,
  tensor,
  textsOf,
  toFloat32,
  type AnyTensor,
  type Tensor,
} from '@ganglion/tensor';

/**
 * A tensor as a manifest writes it.
 *
 * @throws TensorError data_mismatch when its data are not as many as its shape says.
 */
export function fromTensorJson({ dtype, shape, data }: TensorJson): AnyTensor {
  if (dtype === 'string') return stringTensor(shape, data);
  if (dtype === 'int64') return tensor(dtype, shape, BigInt64Array.from(data, BigInt));
  return tensor(dtype, shape, new ELEMENT_ARRAYS[dtype](data));
}

/** The elements as texts, or as numbers; int64 beyond 2^53 loses its last digits, float16 is decoded. */
export function toValues(value: AnyTensor): readonly string[] | Float64Array {
  if (value.dtype === 'string') return textsOf(value);
  const { data } = value.dtype === 'float16' ? toFloat32(value as Tensor<'float16'>) : value;
  return Float64Array.from(data as ArrayLike<number | bigint>, Number);
}
