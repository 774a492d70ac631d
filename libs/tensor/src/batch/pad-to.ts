import { bytesOf, elementCount, ELEMENT_ARRAYS, zeros, type DType, type Tensor } from '../tensor.js';
import { TensorError } from '../tensor-error.js';

/**
 * `value` made `length` long along `axis`, with `fill` behind what was there; the same tensor when it is that long.
 *
 * @param fill The value of the new elements; raw bits for float16.
 * @throws TensorError out_of_range when there is no such axis or it is longer already.
 */
export function padTo<D extends DType>(value: Tensor<D>, axis: number, length: number, fill = 0): Tensor<D> {
  const current = value.shape[axis];
  if (current === undefined || !Number.isSafeInteger(length) || length < current) {
    throw new TensorError(
      'out_of_range',
      `Axis ${axis} of [${value.shape.join(', ')}] can't be padded to ${length}.`,
    );
  }
  if (current === length) return value;
  const padded = zeros(value.dtype, value.shape.with(axis, length));
  if (fill !== 0) fillWith(padded, fill);
  // One run: all that lies within one index of the axes before `axis`.
  const runCount = elementCount(value.shape.slice(0, axis));
  const bytesPerRun = runCount === 0 ? 0 : value.data.byteLength / runCount;
  const bytesPerPaddedRun = runCount === 0 ? 0 : padded.data.byteLength / runCount;
  const source = bytesOf(value);
  const target = bytesOf(padded);
  for (let run = 0; run < runCount; run += 1) {
    target.set(source.subarray(run * bytesPerRun, (run + 1) * bytesPerRun), run * bytesPerPaddedRun);
  }
  return padded;
}

function fillWith(value: Tensor, fill: number): void {
  if (value.data instanceof ELEMENT_ARRAYS.int64) value.data.fill(BigInt(fill));
  else value.data.fill(fill);
}
