import { tensor, type Tensor } from '@ganglion/tensor';
import { significantPeriods } from '@ganglion/tensor/series';

/** Steps that the network reads and gives. */
export const CONTEXT = 2_048;
export const BLOCK = 48;
/** Of 0.1 to 0.9. */
export const QUANTILES = 9;
const PERIODS = 4;
const PHASE_BINS = 16;

/** How values become those of the network: `(value - least) / span`. */
export interface Scale {
  readonly least: number;
  /** 0 where all known values are equal. */
  readonly span: number;
}

export type FracastTensors = Readonly<
  Record<'values' | 'coverage' | 'phase' | 'seasonal_fill', Tensor<'float32'>>
>;

/**
 * Histories to the network's inputs, a row each; see tools/models/fracast for their shapes.
 *
 * @param histories Each with one known value at least, NaN where not known; their last 2,048 steps are read.
 * @source fracast 0.1.0, `inference.py`, `_core/periodic`. Unlike there, a span below 1e-5 is no reason to blur it.
 */
export function toFracastInput(histories: readonly Float64Array[]): {
  readonly tensors: FracastTensors;
  readonly scales: readonly Scale[];
} {
  const rows = histories.length;
  const values = new Float32Array(rows * CONTEXT);
  const coverage = new Float32Array(rows * CONTEXT);
  const phase = new Float32Array(rows * CONTEXT * 2 * PERIODS);
  const fill = new Float32Array(rows * BLOCK);
  const scales = histories.map((history, row) => {
    const recent = history.subarray(-CONTEXT);
    const scale = measureScale(recent);
    const context = new Float64Array(CONTEXT).fill(Number.NaN);
    // Where all known values are equal there is no span to divide by: each of them is 0.
    const divisor = scale.span || 1;
    context.set(
      recent.map((value) => (value - scale.least) / divisor),
      CONTEXT - recent.length,
    );
    const periods = findPeriods(context);
    values.set(
      context.map((value) => (Number.isNaN(value) ? 0 : value)),
      row * CONTEXT,
    );
    coverage.set(
      context.map((value) => (Number.isNaN(value) ? 0 : 1)),
      row * CONTEXT,
    );
    phase.set(phaseFeatures(periods), row * CONTEXT * 2 * PERIODS);
    fill.set(seasonalFill(context, periods[0] ?? 1), row * BLOCK);
    return scale;
  });
  return {
    tensors: {
      values: tensor('float32', [rows, CONTEXT], values),
      coverage: tensor('float32', [rows, CONTEXT], coverage),
      phase: tensor('float32', [rows, CONTEXT, 2 * PERIODS], phase),
      seasonal_fill: tensor('float32', [rows, BLOCK], fill),
    },
    scales,
  };
}

function measureScale(values: Float64Array): Scale {
  const known = values.filter((value) => !Number.isNaN(value));
  const least = known.reduce((low, value) => Math.min(low, value));
  return { least, span: known.reduce((high, value) => Math.max(high, value)) - least };
}

function meanOfKnown(context: Float64Array): number {
  const known = context.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Periods in the order of their strength; what is not known counts as the mean. */
function findPeriods(context: Float64Array): number[] {
  const mean = meanOfKnown(context);
  return significantPeriods(
    context.map((value) => (Number.isNaN(value) ? mean : value)),
    PERIODS,
  );
}

/** `[2048, 8]`: sine and cosine of each step's phase in each period, 0 for periods that were not found. */
function phaseFeatures(periods: readonly number[]): Float32Array {
  const features = new Float32Array(CONTEXT * 2 * PERIODS);
  periods.forEach((period, index) => {
    for (let step = 0; step < CONTEXT; step += 1) {
      const angle = (2 * Math.PI * step) / period;
      features[(step * PERIODS + index) * 2] = Math.sin(angle);
      features[(step * PERIODS + index) * 2 + 1] = Math.cos(angle);
    }
  });
  return features;
}

/** `[48]`: the mean of the known values whose phase in the period is that of the step ahead, in 16 bins. */
function seasonalFill(context: Float64Array, period: number): Float64Array {
  const binOf = (step: number) => Math.floor(((step % period) / period) * PHASE_BINS);
  const sums = new Float64Array(PHASE_BINS);
  const counts = new Float64Array(PHASE_BINS);
  context.forEach((value, step) => {
    if (Number.isNaN(value)) return;
    const bin = binOf(step);
    sums[bin] = (sums[bin] as number) + value;
    counts[bin] = (counts[bin] as number) + 1;
  });
  const mean = meanOfKnown(context);
  return Float64Array.from({ length: BLOCK }, (_, ahead) => {
    const bin = binOf(CONTEXT + ahead);
    return counts[bin] === 0 ? mean : (sums[bin] as number) / (counts[bin] as number);
  });
}
