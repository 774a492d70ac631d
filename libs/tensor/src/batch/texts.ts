import { allocateTexts, type StringTensor } from '../string-tensor.js';
import type { Shape } from '../tensor.js';

/** The texts `from` up to, not including, `to`, in row-major order: their bytes are a view, their offsets are not. */
export function sliceTexts(
  { data, offsets }: StringTensor,
  { from, to, shape }: { readonly from: number; readonly to: number; readonly shape: Shape },
): StringTensor {
  const start = offsets[from] as number;
  return {
    dtype: 'string',
    shape,
    data: data.subarray(start, offsets[to]),
    offsets: offsets.subarray(from, to + 1).map((offset) => offset - start),
  };
}

/**
 * The texts of several tensors one behind the other, copied.
 *
 * @throws TensorError data_mismatch when all together are longer than 4 GiB.
 */
export function joinTexts(values: readonly StringTensor[], shape: Shape): StringTensor {
  const joined = allocateTexts(
    shape,
    values.reduce((length, { data }) => length + data.length, 0),
  );
  let start = 0;
  let index = 0;
  for (const { data, offsets } of values) {
    joined.data.set(data, start);
    for (const offset of offsets.subarray(1)) joined.offsets[(index += 1)] = start + offset;
    start += data.length;
  }
  return joined;
}
