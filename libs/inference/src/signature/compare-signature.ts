import type { TensorSpec } from '@ganglion/contracts/model-manifest';
import type { Session, SessionTensor } from '../engine.js';
import { describe } from './check-inputs.js';

type Signature = { readonly inputs: readonly TensorSpec[]; readonly outputs: readonly TensorSpec[] };

/**
 * Compares the signature that a manifest claims with that of the loaded model; a manifest may be narrower than its
 * model (a length where the model takes any), and may leave outputs out.
 *
 * @returns What differs, one sentence each.
 */
export function compareSignature(claimed: Signature, session: Pick<Session, 'inputs' | 'outputs'>): string[] {
  const unclaimed = session.inputs.filter(({ name }) => !claimed.inputs.some((spec) => spec.name === name));
  return [
    ...claimed.inputs.flatMap((spec) => compare('input', spec, session.inputs)),
    ...unclaimed.map((input) => `the model takes an input "${input.name}" (${describe(input)}) as well`),
    ...claimed.outputs.flatMap((spec) => compare('output', spec, session.outputs)),
  ];
}

function compare(kind: 'input' | 'output', claimed: TensorSpec, actual: readonly SessionTensor[]): string[] {
  const found = actual.find(({ name }) => name === claimed.name);
  if (found === undefined) {
    const names = actual.map(({ name }) => `"${name}"`).join(', ');
    return [`the model has no ${kind} "${claimed.name}", only ${names}`];
  }
  const isAlike = (found.dtype ?? claimed.dtype) === claimed.dtype && fitsShape(claimed.shape, found.shape);
  return isAlike ? [] : [`the ${kind} "${claimed.name}" is ${describe(found)}, not ${describe(claimed)}`];
}

function fitsShape(claimed: TensorSpec['shape'], actual: SessionTensor['shape']): boolean {
  if (actual === null) return true;
  if (claimed.length !== actual.length) return false;
  return claimed.every((axis, index) => typeof actual[index] === 'string' || axis === actual[index]);
}
