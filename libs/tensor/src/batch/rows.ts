import { elementCount, sameShape, zeros, type DType, type ElementArray, type Tensor } from '../tensor.js';
import { TensorError } from '../tensor-error.js';

/**
 * Rows `from` up to, not including, `to` of `[N, …]`: a view of shape `[to - from, …]`, without a copy.
 *
 * @throws TensorError out_of_range when the tensor is a scalar or has no such rows.
 */
export function rows<D extends DType>(value: Tensor<D>, from: number, to: number): Tensor<D> {
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
  const data = value.data.subarray(from * rowLength, to * rowLength) as ElementArray<D>;
  return { dtype: value.dtype, shape: [to - from, ...rowShape], data };
}

/**
 * Row `index` of `[N, …]`: a view of shape `[…]`, without a copy.
 *
 * @throws TensorError out_of_range when the tensor is a scalar or has no such row.
 */
export function row<D extends DType>(value: Tensor<D>, index: number): Tensor<D> {
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
export function stackRows<D extends DType>(values: readonly Tensor<D>[]): Tensor<D> {
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
  const stacked = zeros(first.dtype, [count, ...rowShape]);
  let offset = 0;
  for (const { data } of values) {
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
export function splitRows<D extends DType>(value: Tensor<D>, counts: readonly number[]): Tensor<D>[] {
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
