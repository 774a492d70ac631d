import { ServiceError } from '@ganglion/contracts/errors';
import type { SessionTensor, TensorMap } from '../engine.js';
import { describe, fits } from './check-inputs.js';

interface Signature {
  readonly inputs: readonly SessionTensor[];
  readonly outputs: readonly SessionTensor[];
}

/**
 * Holds the outputs of a run to a signature, equal names of axes being equal lengths in inputs and outputs; outputs that
 * it leaves out are let through.
 *
 * @param inputs Of the run, which fit; their shapes are all that is looked at.
 * @throws ServiceError internal that says what was expected and what came.
 */
export function checkOutputs(inputs: TensorMap, outputs: TensorMap, signature: Signature): void {
  const lengths = new Map<string, number>();
  for (const { name, shape } of signature.inputs) fits(inputs[name]?.shape ?? [], shape, lengths);
  for (const spec of signature.outputs) {
    const value = outputs[spec.name];
    const came = value === undefined ? `only "${Object.keys(outputs).join('", "')}"` : describe(value);
    const isOfDtype = value !== undefined && (spec.dtype ?? value.dtype) === value.dtype;
    if (isOfDtype && fits(value.shape, spec.shape, lengths)) continue;
    const detail = `The model must give an output "${spec.name}" of ${describe(spec)}, but gave ${came}.`;
    throw new ServiceError('internal', detail);
  }
}
