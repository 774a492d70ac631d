import type { ExpectedJson } from '@ganglion/contracts/model-manifest';
import { sameShape, type AnyTensor } from '@ganglion/tensor';
import type { Session } from '../engine.js';
import { describe } from '../signature/check-inputs.js';
import type { PreparedProbe } from './prepare-probes.js';
import { fromTensorJson, toValues } from './tensor-json.js';

/**
 * Runs a probe and holds the outputs to what the reference implementation gave.
 *
 * @returns What differs, one sentence an output; none when the model is as good as its reference.
 */
export async function runProbe(session: Session, probe: PreparedProbe): Promise<string[]> {
  const outputs = await session.run(probe.inputs());
  return Object.entries(probe.outputs).flatMap(([name, expected]) => {
    const actual = outputs[name];
    if (actual === undefined) return [`probe "${probe.name}": there is no output "${name}"`];
    const difference = compareTensors(actual, expected, toleranceOn(session.device, probe));
    return difference === null ? [] : [`probe "${probe.name}": "${name}" ${difference} (${probe.reference})`];
  });
}

type Tolerance = Pick<PreparedProbe['tolerance'], 'absolute' | 'relative'>;

/** @param device Such as `cpu`, `wasm` or `cuda:0`. */
function toleranceOn(device: string, { tolerance }: PreparedProbe): Tolerance {
  return (device.startsWith('cuda') ? tolerance.cuda : undefined) ?? tolerance;
}

function compareTensors(actual: AnyTensor, expected: ExpectedJson, tolerance: Tolerance): string | null {
  if (actual.dtype !== expected.dtype || !sameShape(actual.shape, expected.shape)) {
    return `is ${describe(actual)}, expected ${describe(expected)}`;
  }
  const { at, data } = expected;
  const actualValues = toValues(actual);
  const expectedValues = toValues(fromTensorJson({ ...expected, shape: [data.length] }));
  for (const [index, due] of expectedValues.entries()) {
    const place = at?.[index] ?? index;
    const came = actualValues[place];
    if (!isClose(came, due, tolerance)) return `is ${show(came)} at ${place}, expected ${show(due)}`;
  }
  return null;
}

function show(value: number | string | undefined): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
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
