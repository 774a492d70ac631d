import type { DataSet } from 'dicom-parser';
import { lookupTableOf, lookUp } from './lookup-table.js';
import type { PixelFormat } from './pixel-format.js';
import type { StoredWords } from './stored-words.js';

/**
 * What the device measured: the stored bits as numbers, then the modality table or slope and intercept.
 *
 * @throws DicomError `damaged_dicom`
 * @source DICOM PS3.3, C.11.1
 */
export function toModalityValues(stored: StoredWords, format: PixelFormat, dataSet: DataSet): Float32Array {
  const read = storedValueReader(format, stored.isAligned);
  const table = lookupTableOf(dataSet, 'x00283000', format.isSigned);
  if (table) return mapped(stored.words, (word) => lookUp(table, read(word)));
  const slope = finite(dataSet.floatString('x00281053')) ?? 1;
  const intercept = finite(dataSet.floatString('x00281052')) ?? 0;
  return mapped(stored.words, (word) => read(word) * slope + intercept);
}

function mapped(words: StoredWords['words'], toValue: (word: number) => number): Float32Array {
  const values = new Float32Array(words.length);
  for (let index = 0; index < words.length; index += 1) values[index] = toValue(words[index] ?? 0);
  return values;
}

/** Bits outside the stored ones may hold an old overlay, and are no part of the value. */
function storedValueReader(format: PixelFormat, isAligned: boolean): (word: number) => number {
  const { bitsStored, highBit, isSigned } = format;
  const shift = isAligned ? 0 : highBit - bitsStored + 1;
  const range = 2 ** bitsStored;
  const firstNegative = isSigned ? range / 2 : Infinity;
  return (word) => {
    const value = (word >> shift) & (range - 1);
    return value >= firstNegative ? value - range : value;
  };
}

function finite(value: number | undefined): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
