import type { Batching, ModelManifest, TensorSpec } from '@ganglion/contracts/model-manifest';
import { cropTo, elementCount, padTo, rows, splitRows, stackRows, type AnyTensor } from '@ganglion/tensor';
import type { TensorMap } from '../engine.js';
import { checkInputs } from '../signature/check-inputs.js';

/** A run's inputs and how many rows they are. */
interface Share {
  readonly inputs: TensorMap;
  readonly rows: number;
}

/** What a plan needs to know of a model. */
export type PlannedModel = Pick<ModelManifest, 'inputs' | 'outputs' | 'batching'>;

/** How the runs of one model are put into a batch and taken out of it again. */
export class BatchPlan {
  private readonly padding: Batching['padding'];
  private readonly cost: Batching['cost'];
  /** Whether all inputs of this model are alike but for their rows and what is padded. */
  private readonly isUniform: boolean;
  /** By output: the names of its axes that padding may have made longer, by axis. */
  private readonly padded: ReadonlyMap<string, readonly (readonly [axis: number, name: string])[]>;

  constructor(private readonly model: PlannedModel) {
    const { batching, inputs, outputs } = model;
    this.padding = batching?.padding ?? {};
    this.cost = batching?.cost;
    this.isUniform = inputs.every(({ name, shape }) =>
      shape.every(
        (length, axis) => axis === 0 || typeof length === 'number' || axis === this.padding[name]?.axis,
      ),
    );
    const names = new Set(
      inputs.flatMap(({ name, shape }) => shape[this.padding[name]?.axis ?? Infinity] ?? []),
    );
    this.padded = new Map(
      outputs.map(({ name, shape }) => [
        name,
        shape.flatMap((axis, index) => paddedAxis(names, axis, index)),
      ]),
    );
  }

  /** Runs of equal keys can be computed together: their inputs are alike but for the axes that are padded. */
  key(inputs: TensorMap): string {
    if (this.isUniform) return '';
    let key = '';
    for (const { name } of this.model.inputs) {
      const { shape } = inputs[name] as AnyTensor;
      const paddedAxis = this.padding[name]?.axis;
      for (let axis = 1; axis < shape.length; axis += 1)
        key += axis === paddedAxis ? '*,' : `${shape[axis]},`;
      key += ';';
    }
    return key;
  }

  /** Elements of a row of the input that the cost is counted by. */
  elementsPerRow(inputs: TensorMap): number {
    if (this.cost === undefined) return 0;
    return elementCount((inputs[this.cost.input] as AnyTensor).shape.slice(1));
  }

  /** The inputs of several runs below each other, padded to the longest; one run alone is passed on as it is. */
  join(runs: readonly Share[]): TensorMap {
    const [first] = runs;
    if (first === undefined || runs.length === 1) return first?.inputs ?? {};
    const joined: Record<string, AnyTensor> = {};
    for (const { name } of this.model.inputs) {
      const values = runs.map(({ inputs }) => inputs[name] as AnyTensor);
      joined[name] = stackRows(this.pad(name, values));
    }
    return joined;
  }

  private pad(name: string, values: readonly AnyTensor[]): readonly AnyTensor[] {
    const padding = this.padding[name];
    if (padding === undefined) return values;
    const { axis, value } = padding;
    const longest = Math.max(...values.map(({ shape }) => shape[axis] as number));
    // The manifest says by a text what texts are padded with, and by a number all others.
    return values.map((tensor) => padTo(tensor, axis, longest, value as never));
  }

  /**
   * The outputs of a batch cut into those of its runs: views of the batch's buffers wherever nothing was padded. Outputs
   * that the manifest does not name are left out.
   *
   * @throws TensorError shape_mismatch when an output has another number of rows than the batch.
   */
  split(outputs: TensorMap, runs: readonly Share[]): TensorMap[] {
    const parts: Record<string, AnyTensor>[] = runs.map(() => ({}));
    const counts = runs.map((run) => run.rows);
    for (const spec of this.model.outputs) {
      const value = outputs[spec.name] as AnyTensor;
      const values = runs.length === 1 ? [value] : splitRows(value, counts);
      for (let index = 0; index < runs.length; index += 1) {
        (parts[index] as Record<string, AnyTensor>)[spec.name] = values[index] as AnyTensor;
      }
      if (runs.length > 1) this.crop(spec, parts, runs);
    }
    return parts;
  }

  /** Takes off what padding added to an output, by each run's own lengths. */
  private crop(
    { name }: TensorSpec,
    parts: readonly Record<string, AnyTensor>[],
    runs: readonly Share[],
  ): void {
    const axes = this.padded.get(name) ?? [];
    if (axes.length === 0) return;
    parts.forEach((part, index) => {
      const lengths = checkInputs((runs[index] as Share).inputs, this.model.inputs);
      for (const [axis, axisName] of axes) {
        part[name] = cropTo(part[name] as AnyTensor, axis, lengths.get(axisName) as number);
      }
    });
  }
}

function paddedAxis(
  names: ReadonlySet<number | string>,
  axis: number | string,
  index: number,
): [axis: number, name: string][] {
  return index > 0 && typeof axis === 'string' && names.has(axis) ? [[index, axis]] : [];
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
  const [first = {}] = parts;
  return Object.fromEntries(
    Object.keys(first).map((name) => [name, stackRows(parts.map((part) => part[name] as AnyTensor))]),
  );
}
