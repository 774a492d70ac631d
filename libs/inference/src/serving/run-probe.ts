import type { Probe } from '@ganglion/contracts/model-manifest';
import { sameShape, type AnyTensor } from '@ganglion/tensor';
import type { Session, TensorMap } from '../engine.js';
import { describe } from '../signature/check-inputs.js';
import { fromTensorJson, toValues } from './tensor-json.js';

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

function compareTensors(actual: AnyTensor, expected: AnyTensor, tolerance: Tolerance): string | null {
  if (actual.dtype !== expected.dtype || !sameShape(actual.shape, expected.shape)) {
    return `is ${describe(actual)}, expected ${describe(expected)}`;
  }
  const expectedValues = [...toValues(expected)];
  const actualValues = toValues(actual);
  const index = expectedValues.findIndex((value, at) => !isClose(actualValues[at], value, tolerance));
  if (index < 0) return null;
  const [came, due] = [actualValues[index], expectedValues[index]].map((value) =>
    typeof value === 'string' ? JSON.stringify(value) : value,
  );
  return `is ${came} at ${index}, expected ${due}`;
}

function isClose(
  actual: number | string | undefined,
  expected: number | string,
  { absolute, relative }: Tolerance,
): boolean {
  // Equal infinities have no difference, and a NaN is close to nothing.
  if (actual === expected) return true;
  if (typeof actual !== 'number' || typeof expected !== 'number') return false;
  return Math.abs(actual - expected) <= absolute + relative * Math.abs(expected);
}
