import { ServiceError } from '@ganglion/contracts/errors';
import { tensor, TensorError, textsOf, type AnyTensor } from '@ganglion/tensor';
import type { SessionTensor, TensorMap } from '../engine.js';

/** The lengths that the named axes of a signature have in one run. */
export type AxisLengths = ReadonlyMap<string, number>;

/**
 * Holds the inputs of a run to a signature: every input there, no other, each of its dtype and shape, and equal
 * lengths where axes have equal names.
 *
 * @throws ServiceError invalid_input that says what was expected and what came.
 */
export function checkInputs(inputs: TensorMap, specs: readonly SessionTensor[]): AxisLengths {
  const lengths = new Map<string, number>();
  for (const spec of specs) {
    const value = inputs[spec.name];
    if (value === undefined) throw refused(`The model takes an input "${spec.name}": ${describe(spec)}.`);
    if ((spec.dtype ?? value.dtype) !== value.dtype || !fits(value.shape, spec.shape, lengths)) {
      throw refused(`The input "${spec.name}" must be ${describe(spec)}, not ${describe(value)}.`);
    }
    checkData(spec.name, value);
  }
  if (Object.keys(inputs).length > specs.length) {
    const names = specs.map(({ name }) => name);
    const surplus = Object.keys(inputs).filter((name) => !names.includes(name));
    throw refused(`The model takes no input "${surplus.join('", "')}", only "${names.join('", "')}".`);
  }
  return lengths;
}

/** A runtime must never be handed fewer elements than the shape says. */
function checkData(name: string, value: AnyTensor): void {
  try {
    if (value.dtype === 'string') textsOf(value);
    else tensor(value.dtype, value.shape, value.data);
  } catch (error) {
    if (error instanceof TensorError) throw refused(`The input "${name}" is no tensor: ${error.message}`);
    throw error;
  }
}

/** Whether a shape is one of those that `expected` stands for; notes the length of each named axis. */
export function fits(
  shape: readonly number[],
  expected: SessionTensor['shape'],
  lengths: Map<string, number>,
): boolean {
  if (expected === null) return true;
  if (shape.length !== expected.length) return false;
  return expected.every((axis, index) => {
    const length = shape[index] as number;
    if (typeof axis === 'number') return axis === length;
    const known = lengths.get(axis);
    if (known === undefined) lengths.set(axis, length);
    return known === undefined || known === length;
  });
}

/** Such as `float32 [batch, 3, 224, 224]`. */
export function describe({ dtype, shape }: Pick<SessionTensor, 'dtype' | 'shape'>): string {
  return `${dtype ?? 'any dtype'} ${shape === null ? 'of any shape' : `[${shape.join(', ')}]`}`;
}

function refused(detail: string): ServiceError {
  return new ServiceError('invalid_input', detail);
}
