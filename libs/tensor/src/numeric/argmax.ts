import { TensorError } from '../tensor-error.js';

/**
 * The index of the largest value; of the first, where several are equally large.
 *
 * @throws TensorError out_of_range when there are no values or one is NaN.
 */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    if (Number.isNaN(value)) throw new TensorError('out_of_range', 'There is no largest value beside a NaN.');
    if (value > (values[best] as number)) best = index;
  }
  if (values.length === 0) throw new TensorError('out_of_range', 'There is no largest of no values.');
  return best;
}
