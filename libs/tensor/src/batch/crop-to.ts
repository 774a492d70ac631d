import { bytesOf, elementCount, zeros, type DType, type Tensor } from '../tensor.js';
import { TensorError } from '../tensor-error.js';

/**
 * The first `length` elements of `value` along `axis`: what {@link padTo} added taken off again; the same tensor when
 * it is that long.
 *
 * @throws TensorError out_of_range when there is no such axis or it is shorter.
 */
export function cropTo<D extends DType>(value: Tensor<D>, axis: number, length: number): Tensor<D> {
  const current = value.shape[axis];
  if (current === undefined || !Number.isSafeInteger(length) || length < 0 || length > current) {
    throw new TensorError(
      'out_of_range',
      `Axis ${axis} of [${value.shape.join(', ')}] can't be cropped to ${length}.`,
    );
  }
  if (current === length) return value;
  const cropped = zeros(value.dtype, value.shape.with(axis, length));
  // One run: all that lies within one index of the axes before `axis`.
  const runCount = elementCount(value.shape.slice(0, axis));
  const bytesPerRun = value.data.byteLength / runCount;
  const bytesPerCroppedRun = cropped.data.byteLength / runCount;
  const source = bytesOf(value);
  const target = bytesOf(cropped);
  for (let run = 0; run < runCount; run += 1) {
    const start = run * bytesPerRun;
    target.set(source.subarray(start, start + bytesPerCroppedRun), run * bytesPerCroppedRun);
  }
  return cropped;
}
