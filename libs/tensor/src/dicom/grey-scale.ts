import type { DataSet } from 'dicom-parser';
import { lookupTableOf, lookUp } from './lookup-table.js';

/** What brought the values to grey: a table of the file, its window, or the range of the values where it has neither. */
export type GreyScaling = 'lookup-table' | 'window' | 'value-range';

/** Shades from 0 to 1. */
export interface GreyScale {
  readonly scaling: GreyScaling;
  readonly toGrey: (value: number) => number;
}

/**
 * How the maker of the file meant its values to be shown, low values dark: its first VOI table, else its first window.
 *
 * @throws DicomError `damaged_dicom`
 * @source DICOM PS3.3, C.11.2.1
 */
export function greyScaleOf(dataSet: DataSet, values: Float32Array, isSigned: boolean): GreyScale {
  const table = lookupTableOf(dataSet, 'x00283010', isSigned);
  if (table) {
    return { scaling: 'lookup-table', toGrey: (value) => Math.min(1, lookUp(table, value) / table.maxEntry) };
  }
  const center = dataSet.floatString('x00281050');
  const width = dataSet.floatString('x00281051');
  const windowed = windowOf(dataSet.string('x00281056') ?? 'LINEAR', center, width);
  return windowed
    ? { scaling: 'window', toGrey: windowed }
    : { scaling: 'value-range', toGrey: rangeOf(values) };
}

/** A window that has no width, or is no number, is none. */
function windowOf(shape: string, center = NaN, width = NaN): ((value: number) => number) | undefined {
  if (!Number.isFinite(center) || !Number.isFinite(width)) return undefined;
  if (shape === 'SIGMOID' && width > 0) return (value) => 1 / (1 + Math.exp((-4 * (value - center)) / width));
  if (shape === 'LINEAR_EXACT' && width > 0) return (value) => clamp((value - center) / width + 0.5);
  if (width < 1) return undefined;
  if (width === 1) return (value) => (value <= center - 0.5 ? 0 : 1);
  return (value) => clamp((value - (center - 0.5)) / (width - 1) + 0.5);
}

function rangeOf(values: Float32Array): (value: number) => number {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high > low ? (value) => (value - low) / (high - low) : () => 0;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
