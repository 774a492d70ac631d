import { ELEMENT_ARRAYS, type AnyTensor } from '@ganglion/tensor';
import type { SessionTensor, TensorMap } from '../engine.js';
import { checkInputs } from './check-inputs.js';

/**
 * {@link checkInputs} made ready for one signature: as strict, and without an allocation where the inputs fit.
 *
 * @returns A function that throws ServiceError invalid_input as `checkInputs` does.
 */
export function compileCheck(specs: readonly SessionTensor[]): (inputs: TensorMap) => void {
  const fits = compileFit(specs);
  return (inputs) => {
    if (!fits(inputs) || !holdTheirData(inputs)) checkInputs(inputs, specs);
  };
}

/**
 * Whether tensors are those of a signature, by name, dtype and shape: these and no others, of equal lengths where axes
 * have equal names.
 */
export function compileFit(specs: readonly SessionTensor[]): (tensors: TensorMap) => boolean {
  const { axes, count } = numberAxes(specs);
  const lengths = new Float64Array(count);
  return (tensors) => {
    lengths.fill(-1);
    if (countKeys(tensors) !== specs.length) return false;
    for (let index = 0; index < specs.length; index += 1) {
      const { name, dtype } = specs[index] as SessionTensor;
      const value = tensors[name];
      if (value === undefined || (dtype !== null && value.dtype !== dtype)) return false;
      if (!fitsShape(value.shape, axes[index] ?? null, lengths)) return false;
    }
    return true;
  };
}

/** Whether each has as many elements as its shape says, in the array of its dtype. */
function holdTheirData(tensors: TensorMap): boolean {
  for (const name in tensors) {
    const value = tensors[name] as AnyTensor;
    let count = 1;
    for (const axis of value.shape) count *= axis;
    if (value.dtype === 'string') {
      // The texts themselves are looked at by the engine that takes them out.
      if (value.offsets.length !== count + 1) return false;
    } else if (value.data.length !== count || !(value.data instanceof ELEMENT_ARRAYS[value.dtype])) {
      return false;
    }
  }
  return true;
}

/** An axis of a fixed length, or the number of a name. */
type Axis = { readonly length: number } | { readonly slot: number };

function numberAxes(specs: readonly SessionTensor[]): {
  readonly axes: readonly (readonly Axis[] | null)[];
  readonly count: number;
} {
  const slots = new Map<string, number>();
  const number = (axis: number | string): Axis => {
    if (typeof axis === 'number') return { length: axis };
    const slot = slots.get(axis) ?? slots.size;
    slots.set(axis, slot);
    return { slot };
  };
  const axes = specs.map(({ shape }) => shape && shape.map(number));
  return { axes, count: slots.size };
}

/** @param lengths By slot, what its name stands for; -1 while it is not known. */
function fitsShape(shape: readonly number[], axes: readonly Axis[] | null, lengths: Float64Array): boolean {
  if (axes === null) return true;
  if (shape.length !== axes.length) return false;
  for (let index = 0; index < axes.length; index += 1) {
    const axis = axes[index] as Axis;
    const length = shape[index] as number;
    if ('length' in axis) {
      if (axis.length !== length) return false;
    } else if (lengths[axis.slot] === -1) {
      lengths[axis.slot] = length;
    } else if (lengths[axis.slot] !== length) {
      return false;
    }
  }
  return true;
}

function countKeys(inputs: TensorMap): number {
  let count = 0;
  for (const _ in inputs) count += 1;
  return count;
}
