import type { ModelManifest } from '@ganglion/contracts/model-manifest';
import { rows, stackRows, type Tensor } from '@ganglion/tensor';
import type { Session, TensorMap } from '../engine.js';
import { probeInputs } from './run-probe.js';

const ROUNDS = 5;
/** A run that takes longer needs no second look. */
const SLOW_MS = 5;

/**
 * Runs a model at its largest batch, made of its first probe's rows again and again; warms it up by the way.
 *
 * @param now A clock, in milliseconds.
 * @returns The shortest time in milliseconds, for a busy machine only adds to it; null when the model has no probe to run.
 */
export async function measureLargestBatch(
  session: Session,
  manifest: ModelManifest,
  now: () => number = () => performance.now(),
): Promise<number | null> {
  const [probe] = manifest.probes;
  if (probe === undefined) return null;
  const largest = () => repeatRows(probeInputs(probe), manifest.batching?.maxBatch ?? null);
  // The first run also pays for what is set up once.
  await session.run(largest());
  const times: number[] = [];
  while (times.length < ROUNDS && (times[0] ?? 0) < SLOW_MS) {
    const inputs = largest();
    const startedAt = now();
    await session.run(inputs);
    times.push(now() - startedAt);
  }
  return Math.min(...times);
}

/** Inputs grown to a number of rows; null leaves them as they are. */
function repeatRows(inputs: TensorMap, count: number | null): TensorMap {
  if (count === null) return inputs;
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]): [string, Tensor] => {
      const copies = Math.ceil(count / (value.shape[0] as number));
      return [name, rows(stackRows(Array<Tensor>(copies).fill(value)), 0, count)];
    }),
  );
}
