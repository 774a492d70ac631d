import { ServiceError } from '@ganglion/contracts/errors';
import type { SessionTensor, TensorMap } from '../engine.js';
import { describe, fits, type AxisLengths } from './check-inputs.js';

/**
 * Holds the outputs of a run to a signature; outputs that it leaves out are let through.
 *
 * @param lengths What {@link checkInputs} gave for the inputs of the run.
 * @throws ServiceError internal that says what was expected and what came.
 */
export function checkOutputs(
  outputs: TensorMap,
  specs: readonly SessionTensor[],
  lengths: AxisLengths,
): void {
  const known = new Map(lengths);
  for (const spec of specs) {
    const value = outputs[spec.name];
    const came = value === undefined ? `only "${Object.keys(outputs).join('", "')}"` : describe(value);
    const isAsSaid = value !== undefined && (spec.dtype ?? value.dtype) === value.dtype;
    if (isAsSaid && fits(value.shape, spec.shape, known)) continue;
    const detail = `The model must give an output "${spec.name}" of ${describe(spec)}, but gave ${came}.`;
    throw new ServiceError('internal', detail);
  }
}
