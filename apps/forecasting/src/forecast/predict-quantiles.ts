import type { TensorMap } from '@ganglion/inference';
import { expectDtype, type Tensor } from '@ganglion/tensor';
import { BLOCK, CONTEXT, QUANTILES, toFracastInput, type FracastTensors } from './fracast-input.js';

/** Runs the network on rows. */
export type RunFracast = (inputs: FracastTensors) => Promise<TensorMap>;

/** Quantiles 0.1 to 0.9 of each step ahead, in ascending order: `[steps][9]`. */
export type QuantileForecast = readonly Float64Array[];

/** The next 48 steps of each history, in one run. */
export async function predictBlocks(
  histories: readonly Float64Array[],
  run: RunFracast,
): Promise<QuantileForecast[]> {
  const { tensors, scales } = toFracastInput(histories);
  const outputs = await run(tensors);
  const { data } = expectDtype(outputs['quantiles'] as Tensor, 'float32');
  return scales.map(({ least, span }, row) =>
    Array.from({ length: BLOCK }, (_, step) => {
      const from = (row * BLOCK + step) * QUANTILES;
      return Float64Array.from(data.subarray(from, from + QUANTILES), (value) => least + span * value).sort();
    }),
  );
}

/**
 * Goes on behind the first block: each quantile is taken for the way the series went, the next block is forecast from
 * each of these, and the quantiles of all are those of that block. So the intervals widen with the uncertainty of what
 * lies between.
 *
 * @param first The forecast of the first 48 steps.
 * @source Ansari et al., Chronos-Bolt (chronos-forecasting 1.4, `chronos_bolt.py`, `predict`)
 */
export async function continueForecast(
  history: Float64Array,
  first: QuantileForecast,
  horizon: number,
  run: RunFracast,
): Promise<QuantileForecast> {
  const steps = [...first];
  while (steps.length < horizon) {
    const ways = Array.from({ length: QUANTILES }, (_, way) =>
      Float64Array.from([
        ...history.subarray(-CONTEXT),
        ...steps.map((quantiles) => quantiles[way] as number),
      ]),
    );
    const blocks = await predictBlocks(ways, run);
    for (let step = 0; step < BLOCK; step += 1) {
      const all = Float64Array.from(blocks.flatMap((block) => [...(block[step] as Float64Array)])).sort();
      steps.push(Float64Array.from({ length: QUANTILES }, (_, index) => quantileOf(all, (index + 1) / 10)));
    }
  }
  return steps.slice(0, horizon);
}

/** On the straight line between the two values nearest to it. */
function quantileOf(ascending: Float64Array, share: number): number {
  const place = share * (ascending.length - 1);
  const below = Math.floor(place);
  const low = ascending[below] as number;
  const high = ascending[below + 1] ?? low;
  return low + (high - low) * (place - below);
}
