import type { AnyTensor, StringTensor } from '../string-tensor.js';
import { elementCount, sameShape, zeros, type Tensor } from '../tensor.js';
import { TensorError } from '../tensor-error.js';
import { joinTexts, sliceTexts } from './texts.js';

/**
 * Rows `from` up to, not including, `to` of `[N, …]`: a view of shape `[to - from, …]`, without a copy but of the
 * offsets of texts.
 *
 * @throws TensorError out_of_range when the tensor is a scalar or has no such rows.
 */
export function rows<T extends AnyTensor>(value: T, from: number, to: number): T;
export function rows(value: AnyTensor, from: number, to: number): AnyTensor {
  const count = value.shape[0];
  const whole = Number.isInteger(from) && Number.isInteger(to);
  if (count === undefined || !whole || from < 0 || to < from || to > count) {
    throw new TensorError(
      'out_of_range',
      `There are no rows ${from}..${to} in a tensor of [${value.shape.join(', ')}].`,
    );
  }
  const rowShape = value.shape.slice(1);
  const rowLength = elementCount(rowShape);
  const part = { from: from * rowLength, to: to * rowLength, shape: [to - from, ...rowShape] };
  if (value.dtype === 'string') return sliceTexts(value, part);
  return { dtype: value.dtype, shape: part.shape, data: value.data.subarray(part.from, part.to) };
}

/**
 * Row `index` of `[N, …]`: a view of shape `[…]`, without a copy.
 *
 * @throws TensorError out_of_range when the tensor is a scalar or has no such row.
 */
export function row<T extends AnyTensor>(value: T, index: number): T {
  const view = rows(value, index, index + 1);
  return { ...view, shape: view.shape.slice(1) };
}

/**
 * The rows of tensors `[n1, …]`, `[n2, …]`, … below each other: `[n1 + n2 + …, …]` in a buffer of its own, even where
 * they lie next to each other already: who runs a batch gives its buffer away, and the tensors would go with it.
 *
 * @throws TensorError shape_mismatch when there are none, or they differ in more than the first axis;
 *   dtype_mismatch when their dtypes differ.
 */
export function stackRows<T extends AnyTensor>(values: readonly T[]): T;
export function stackRows(values: readonly AnyTensor[]): AnyTensor {
  const first = values[0];
  if (first === undefined) throw new TensorError('shape_mismatch', 'There are no tensors to stack.');
  const rowShape = first.shape.slice(1);
  let count = 0;
  for (const { dtype, shape } of values) {
    if (dtype !== first.dtype) {
      throw new TensorError('dtype_mismatch', `Rows of ${dtype} can't be stacked on rows of ${first.dtype}.`);
    }
    if (shape[0] === undefined || !sameShape(shape.slice(1), rowShape)) {
      throw new TensorError(
        'shape_mismatch',
        `Rows of [${shape.join(', ')}] can't be stacked on rows of [${first.shape.join(', ')}].`,
      );
    }
    count += shape[0];
  }
  const shape = [count, ...rowShape];
  // All are of the first one's dtype.
  if (first.dtype === 'string') return joinTexts(values as readonly StringTensor[], shape);
  const stacked = zeros(first.dtype, shape);
  let offset = 0;
  for (const { data } of values as readonly Tensor[]) {
    // TypeScript can't see that both arrays are of one dtype.
    (stacked.data as Float32Array).set(data as Float32Array, offset);
    offset += data.length;
  }
  return stacked;
}

/**
 * `[N, …]` cut into `[n1, …]`, `[n2, …]`, …: views, without a copy.
 *
 * @throws TensorError shape_mismatch when the counts do not add up to N.
 */
export function splitRows<T extends AnyTensor>(value: T, counts: readonly number[]): T[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total !== value.shape[0]) {
    throw new TensorError(
      'shape_mismatch',
      `${total} rows can't be cut from a tensor of [${value.shape.join(', ')}].`,
    );
  }
  let from = 0;
  return counts.map((count) => rows(value, from, (from += count)));
}
