import type { NumericColumn } from './column.js';

/** `(value - offset) / scale` */
export interface Scaling {
  readonly offset: number;
  readonly scale: number;
}

const EPSILON = Number.EPSILON;

/**
 * How numbers are to be scaled; those that are all the same are only shifted.
 *
 * @param values At least one.
 * @source scikit-learn, StandardScaler, MinMaxScaler and RobustScaler
 */
export function fitScaling(kind: NumericColumn['scaling'], values: readonly number[]): Scaling {
  switch (kind) {
    case 'none':
      return { offset: 0, scale: 1 };
    case 'standard':
      return standard(values);
    case 'minMax': {
      const { least, most } = values.reduce(
        (range, value) => ({ least: Math.min(range.least, value), most: Math.max(range.most, value) }),
        { least: Infinity, most: -Infinity },
      );
      return { offset: least, scale: orOne(most - least) };
    }
    case 'robust': {
      const sorted = Float64Array.from(values).sort();
      return { offset: quantile(sorted, 0.5), scale: orOne(quantile(sorted, 0.75) - quantile(sorted, 0.25)) };
    }
  }
}

/** Of the whole population: divided by their number. */
function standard(values: readonly number[]): Scaling {
  const mean = meanOf(values);
  const variance = meanOf(values.map((value) => (value - mean) ** 2));
  const rounding = values.length * EPSILON;
  const isConstant = variance <= rounding * variance + (rounding * mean) ** 2;
  return { offset: mean, scale: isConstant ? 1 : Math.sqrt(variance) };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function medianOf(values: readonly number[]): number {
  return quantile(Float64Array.from(values).sort(), 0.5);
}

/** Between the nearest two values in proportion, as numpy does by default. */
function quantile(sorted: Float64Array, share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below + (above - below) * (position - Math.floor(position));
}

function orOne(scale: number): number {
  return scale < 10 * EPSILON ? 1 : scale;
}
