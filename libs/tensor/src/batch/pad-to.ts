import { stringTensor, type AnyTensor, type StringTensor } from '../string-tensor.js';
import { bytesOf, elementCount, ELEMENT_ARRAYS, zeros, type Shape, type Tensor } from '../tensor.js';
import { TensorError } from '../tensor-error.js';
import { joinTexts, sliceTexts } from './texts.js';

/**
 * `value` made `length` long along `axis`, with `fill` behind what was there; the same tensor when it is that long.
 *
 * @param fill The value of the new elements: a text for texts, else a number, for float16 raw bits.
 * @throws TensorError out_of_range when there is no such axis or it is longer already; dtype_mismatch when `fill` is of
 *   the other kind.
 */
export function padTo<T extends AnyTensor>(
  value: T,
  axis: number,
  length: number,
  fill?: T extends StringTensor ? string : number,
): T;
export function padTo(
  value: AnyTensor,
  axis: number,
  length: number,
  fill: string | number = value.dtype === 'string' ? '' : 0,
): AnyTensor {
  const current = value.shape[axis];
  if (current === undefined || !Number.isSafeInteger(length) || length < current) {
    throw new TensorError(
      'out_of_range',
      `Axis ${axis} of [${value.shape.join(', ')}] can't be padded to ${length}.`,
    );
  }
  // One run: all that lies within one index of the axes before `axis`.
  const runCount = elementCount(value.shape.slice(0, axis));
  const padding = { shape: value.shape.with(axis, length), runCount };
  if (value.dtype === 'string' && typeof fill === 'string')
    return current === length ? value : padTexts(value, padding, fill);
  if (value.dtype !== 'string' && typeof fill === 'number')
    return current === length ? value : padElements(value, padding, fill);
  throw new TensorError('dtype_mismatch', `A ${value.dtype} tensor can't be padded with a ${typeof fill}.`);
}

interface Padding {
  readonly shape: Shape;
  readonly runCount: number;
}

function padElements(value: Tensor, { shape, runCount }: Padding, fill: number): Tensor {
  const padded = zeros(value.dtype, shape);
  if (fill !== 0) fillWith(padded, fill);
  const bytesPerRun = runCount === 0 ? 0 : value.data.byteLength / runCount;
  const bytesPerPaddedRun = runCount === 0 ? 0 : padded.data.byteLength / runCount;
  const source = bytesOf(value);
  const target = bytesOf(padded);
  for (let run = 0; run < runCount; run += 1) {
    target.set(source.subarray(run * bytesPerRun, (run + 1) * bytesPerRun), run * bytesPerPaddedRun);
  }
  return padded;
}

function padTexts(value: StringTensor, { shape, runCount }: Padding, fill: string): StringTensor {
  const perRun = (value.offsets.length - 1) / runCount;
  const missing = elementCount(shape) / runCount - perRun;
  const filler = runCount === 0 ? [] : [stringTensor([missing], Array<string>(missing).fill(fill))];
  const runs = Array.from({ length: runCount }, (_, run) => [
    sliceTexts(value, { from: run * perRun, to: (run + 1) * perRun, shape }),
    ...filler,
  ]);
  return joinTexts(runs.flat(), shape);
}

function fillWith(value: Tensor, fill: number): void {
  if (value.data instanceof ELEMENT_ARRAYS.int64) value.data.fill(BigInt(fill));
  else value.data.fill(fill);
}
