import type { DataSet } from 'dicom-parser';
import { damaged } from './dicom-error.js';

/** A table that a DICOM file maps values by. */
export interface LookupTable {
  /** The value that the first entry is for; values below take the first entry, those past the end the last. */
  readonly firstValue: number;
  readonly entries: Uint16Array;
  /** The largest value that an entry can have. */
  readonly maxEntry: number;
}

/**
 * The first table of the sequence `tag`, or `undefined` when there is none.
 *
 * @throws DicomError `damaged_dicom`
 * @source DICOM PS3.3, C.11.1.1 and C.11.2.1
 */
export function lookupTableOf(dataSet: DataSet, tag: string, isSigned: boolean): LookupTable | undefined {
  const item = dataSet.elements[tag]?.items?.[0]?.dataSet;
  if (!item) return undefined;
  const data = item.elements['x00283006'];
  // A table of 65,536 entries says 0, for the number is one of 16 bits.
  const count = item.uint16('x00283002', 0) || 65_536;
  const bits = item.uint16('x00283002', 2);
  const firstValue = isSigned ? item.int16('x00283002', 1) : item.uint16('x00283002', 1);
  if (!data || firstValue === undefined || bits === undefined || bits < 8 || bits > 16) throw damaged();
  if (data.length < count || data.dataOffset + data.length > item.byteArray.length) throw damaged();
  const isBytes = data.length < 2 * count;
  const entries = Uint16Array.from({ length: count }, (_, index) =>
    isBytes ? (item.byteArray[data.dataOffset + index] ?? 0) : (item.uint16('x00283006', index) ?? 0),
  );
  return { firstValue, entries, maxEntry: 2 ** bits - 1 };
}

/** The entry for a value. */
export function lookUp({ firstValue, entries }: LookupTable, value: number): number {
  const index = Math.trunc(value) - firstValue;
  return entries[Math.min(Math.max(index, 0), entries.length - 1)] ?? 0;
}
