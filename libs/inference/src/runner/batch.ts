import type { Batching, TensorSpec } from '@ganglion/contracts/model-manifest';
import { cropTo, padTo, rows, splitRows, stackRows, type Tensor } from '@ganglion/tensor';
import type { TensorMap } from '../engine.js';
import type { AxisLengths } from '../signature/check-inputs.js';

/** By input: the axis along which unlike lengths are padded, and with what. */
export type Padding = Batching['padding'];

/** Runs of equal keys can be computed together: their inputs are alike but for the axes that are padded. */
export function batchKey(inputs: TensorMap, padding: Padding): string {
  let key = '';
  for (const name in inputs) {
    const shape = (inputs[name] as Tensor).shape;
    const paddedAxis = padding[name]?.axis;
    for (let axis = 1; axis < shape.length; axis += 1) key += axis === paddedAxis ? '*,' : `${shape[axis]},`;
    key += `${name};`;
  }
  return key;
}

/** The inputs of several runs below each other, padded to the longest; one run alone is passed on as it is. */
export function joinInputs(runs: readonly TensorMap[], padding: Padding): TensorMap {
  const [first] = runs;
  if (first === undefined || runs.length === 1) return first ?? {};
  return Object.fromEntries(
    Object.keys(first).map((name) => [
      name,
      joinInput(
        runs.map((run) => run[name] as Tensor),
        padding[name],
      ),
    ]),
  );
}

function joinInput(values: readonly Tensor[], padding: Padding[string] | undefined): Tensor {
  if (padding === undefined) return stackRows(values);
  const longest = Math.max(...values.map(({ shape }) => shape[padding.axis] as number));
  return stackRows(values.map((value) => padTo(value, padding.axis, longest, padding.value)));
}

/** How much of a batch's outputs belongs to one run. */
export interface Share {
  readonly rows: number;
  /** The run's own lengths of named axes: what padding added to an output is taken off by them. */
  readonly lengths: AxisLengths;
}

/**
 * The outputs of a batch cut into those of its runs: views of the batch's buffers wherever nothing was padded.
 *
 * @param specs The outputs that the manifest names; a model may have others, which are left out.
 * @throws TensorError shape_mismatch when an output has another number of rows than the batch.
 */
export function splitOutputs(
  outputs: TensorMap,
  shares: readonly Share[],
  specs: readonly TensorSpec[],
): TensorMap[] {
  const columns = specs.map(
    (spec) => [spec.name, splitOutput(outputs[spec.name] as Tensor, shares, spec)] as const,
  );
  return shares.map((_, index) =>
    Object.fromEntries(columns.map(([name, parts]) => [name, parts[index] as Tensor])),
  );
}

function splitOutput(value: Tensor, shares: readonly Share[], { shape }: TensorSpec): Tensor[] {
  if (shares.length === 1) return [value];
  const parts = splitRows(
    value,
    shares.map(({ rows }) => rows),
  );
  return parts.map((part, index) => crop(part, shape, shares[index] as Share));
}

function crop(value: Tensor, shape: readonly (number | string)[], { lengths }: Share): Tensor {
  let cropped = value;
  shape.forEach((name, axis) => {
    const length = typeof name === 'string' ? lengths.get(name) : undefined;
    if (axis > 0 && length !== undefined) cropped = cropTo(cropped, axis, length);
  });
  return cropped;
}

/** The inputs of a request in parts of at most `maxRows` rows: views, without a copy. */
export function splitInputs(inputs: TensorMap, rowCount: number, maxRows: number): TensorMap[] {
  if (rowCount <= maxRows) return [inputs];
  const parts: TensorMap[] = [];
  for (let from = 0; from < rowCount; from += maxRows) {
    const to = Math.min(from + maxRows, rowCount);
    parts.push(
      Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, rows(value, from, to)])),
    );
  }
  return parts;
}

/** The outputs of a request's parts below each other again. */
export function joinOutputs(parts: readonly TensorMap[]): TensorMap {
  return joinInputs(parts, {});
}
