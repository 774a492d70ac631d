import type { ModelManifest } from '@ganglion/contracts/model-manifest';
import { rows, stackRows, type AnyTensor } from '@ganglion/tensor';
import type { Session, TensorMap } from '../engine.js';
import type { PreparedProbe } from './prepare-probes.js';

const ROUNDS = 5;
/** For a run that takes longer, two looks must do. */
const SLOW_MS = 5;
const SLOW_ROUNDS = 2;
/** How much longer a row may take than in the best of batches, for the sake of answers that come sooner. */
const SLACK = 1.05;

/** How a model computes batches. */
export interface BatchMeasure {
  /** Of the largest batch, in milliseconds. */
  readonly largestMs: number;
  /** The smallest batch whose rows take about as little time as in the best: beyond it answers only come later. */
  readonly efficientRows: number;
}

/**
 * Runs a model in batches of 1, 4, 16, … rows up to its largest, made of a probe's rows again and again; warms
 * it up by the way. Of several runs the shortest counts, for a busy machine only adds to it.
 *
 * @param now A clock, in milliseconds.
 * @returns Null when the model has no probe to run.
 */
export async function measureBatches(
  session: Session,
  manifest: Pick<ModelManifest, 'batching'>,
  probe: Pick<PreparedProbe, 'inputs'> | undefined,
  now: () => number = () => performance.now(),
): Promise<BatchMeasure | null> {
  if (probe === undefined) return null;
  const time = async (count: number | null): Promise<number> => {
    const inputs = repeatRows(probe.inputs(), count);
    const startedAt = now();
    await session.run(inputs);
    return now() - startedAt;
  };
  // The first run also pays for what is set up once.
  await time(manifest.batching ? 1 : null);
  const measured: { readonly rows: number; readonly ms: number }[] = [];
  for (const rows of batchSizes(manifest))
    measured.push({ rows, ms: await shortest(() => time(manifest.batching ? rows : null)) });
  const best = Math.min(...measured.map(({ rows, ms }) => ms / rows));
  const efficient = measured.find(({ rows, ms }) => ms / rows <= best * SLACK);
  return { largestMs: measured.at(-1)?.ms ?? 0, efficientRows: efficient?.rows ?? 1 };
}

function batchSizes({ batching }: Pick<ModelManifest, 'batching'>): number[] {
  const most = batching?.maxBatch ?? 1;
  const sizes: number[] = [];
  for (let rows = 1; rows < most; rows *= 4) sizes.push(rows);
  return [...sizes, most];
}

async function shortest(time: () => Promise<number>): Promise<number> {
  let least = await time();
  const rounds = least < SLOW_MS ? ROUNDS : SLOW_ROUNDS;
  for (let round = 1; round < rounds; round += 1) least = Math.min(least, await time());
  return least;
}

/** Inputs grown or cut to a number of rows; null leaves them as they are. */
function repeatRows(inputs: TensorMap, count: number | null): TensorMap {
  if (count === null) return inputs;
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]): [string, AnyTensor] => {
      const copies = Math.ceil(count / (value.shape[0] as number));
      return [name, rows(stackRows(Array<AnyTensor>(copies).fill(value)), 0, count)];
    }),
  );
}
