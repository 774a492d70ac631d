import type { Probe } from '@ganglion/contracts/model-manifest';
import { sameShape, type Tensor } from '@ganglion/tensor';
import type { Session, TensorMap } from '../engine.js';
import { describe } from '../signature/check-inputs.js';
import { fromTensorJson, toNumbers } from './tensor-json.js';

/** The inputs of a probe as tensors, made anew: a run consumes them. */
export function probeInputs({ inputs }: Probe): TensorMap {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, fromTensorJson(value)]));
}

/**
 * Runs a probe and holds the outputs to what the reference implementation gave.
 *
 * @returns What differs, one sentence an output; none when the model is as good as its reference.
 */
export async function runProbe(session: Session, probe: Probe): Promise<string[]> {
  const outputs = await session.run(probeInputs(probe));
  return Object.entries(probe.outputs).flatMap(([name, json]) => {
    const expected = fromTensorJson(json);
    const actual = outputs[name];
    if (actual === undefined) return [`probe "${probe.name}": there is no output "${name}"`];
    const difference = compareTensors(actual, expected, toleranceOn(session.device, probe));
    return difference === null ? [] : [`probe "${probe.name}": "${name}" ${difference} (${probe.reference})`];
  });
}

type Tolerance = Pick<Probe['tolerance'], 'absolute' | 'relative'>;

/** @param device Such as `cpu`, `wasm` or `cuda:0`. */
function toleranceOn(device: string, { tolerance }: Probe): Tolerance {
  return (device.startsWith('cuda') ? tolerance.cuda : undefined) ?? tolerance;
}

function compareTensors(actual: Tensor, expected: Tensor, tolerance: Tolerance): string | null {
  if (actual.dtype !== expected.dtype || !sameShape(actual.shape, expected.shape)) {
    return `is ${describe(actual)}, expected ${describe(expected)}`;
  }
  const expectedNumbers = toNumbers(expected);
  const actualNumbers = toNumbers(actual);
  const index = expectedNumbers.findIndex(
    (number, at) => !isClose(actualNumbers[at] as number, number, tolerance),
  );
  if (index < 0) return null;
  return `is ${actualNumbers[index]} at ${index}, expected ${expectedNumbers[index]}`;
}

function isClose(actual: number, expected: number, { absolute, relative }: Tolerance): boolean {
  // Equal infinities have no difference, and a NaN is close to nothing.
  return actual === expected || Math.abs(actual - expected) <= absolute + relative * Math.abs(expected);
}
