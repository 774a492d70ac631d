import type { AnyTensor, StringTensor } from '../string-tensor.js';
import { bytesOf, elementCount, zeros, type Shape, type Tensor } from '../tensor.js';
import { TensorError } from '../tensor-error.js';
import { joinTexts, sliceTexts } from './texts.js';

/**
 * The first `length` elements of `value` along `axis`: what {@link padTo} added taken off again; the same tensor when
 * it is that long.
 *
 * @throws TensorError out_of_range when there is no such axis or it is shorter.
 */
export function cropTo<T extends AnyTensor>(value: T, axis: number, length: number): T;
export function cropTo(value: AnyTensor, axis: number, length: number): AnyTensor {
  const current = value.shape[axis];
  if (current === undefined || !Number.isSafeInteger(length) || length < 0 || length > current) {
    throw new TensorError(
      'out_of_range',
      `Axis ${axis} of [${value.shape.join(', ')}] can't be cropped to ${length}.`,
    );
  }
  if (current === length) return value;
  // One run: all that lies within one index of the axes before `axis`.
  const runCount = elementCount(value.shape.slice(0, axis));
  const shape = value.shape.with(axis, length);
  return value.dtype === 'string'
    ? cropTexts(value, { shape, runCount })
    : cropElements(value, { shape, runCount });
}

interface Crop {
  readonly shape: Shape;
  readonly runCount: number;
}

function cropElements(value: Tensor, { shape, runCount }: Crop): Tensor {
  const cropped = zeros(value.dtype, shape);
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

function cropTexts(value: StringTensor, { shape, runCount }: Crop): StringTensor {
  const perRun = (value.offsets.length - 1) / runCount;
  const perCroppedRun = elementCount(shape) / runCount;
  const runs = Array.from({ length: runCount }, (_, run) =>
    sliceTexts(value, { from: run * perRun, to: run * perRun + perCroppedRun, shape }),
  );
  return joinTexts(runs, shape);
}
