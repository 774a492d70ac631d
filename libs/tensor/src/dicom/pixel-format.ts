import type { DataSet } from 'dicom-parser';
import { damaged, DicomError } from './dicom-error.js';

/** How the grey values of a picture are stored. */
export interface PixelFormat {
  readonly rows: number;
  readonly columns: number;
  /** Low values are white under MONOCHROME1, black under MONOCHROME2. */
  readonly photometricInterpretation: 'MONOCHROME1' | 'MONOCHROME2';
  readonly bitsAllocated: 8 | 16;
  /** Bits of them that hold the value; the highest of them is `highBit`, counted from 0. */
  readonly bitsStored: number;
  readonly highBit: number;
  /** Whether the value is a two's complement. */
  readonly isSigned: boolean;
  /** Pictures in the file. */
  readonly frames: number;
}

/**
 * What a data set says of its pixels.
 *
 * @throws DicomError `no_pixels`, `unsupported_pixels`, or `damaged_dicom` when it contradicts itself.
 * @source DICOM PS3.3, C.7.6.3
 */
export function pixelFormatOf(dataSet: DataSet): PixelFormat {
  const rows = dataSet.uint16('x00280010');
  const columns = dataSet.uint16('x00280011');
  if (!dataSet.elements['x7fe00010']?.length || !rows || !columns) {
    throw hasFloatPixels(dataSet)
      ? unsupported('floating-point pixels')
      : new DicomError(
          'no_pixels',
          'The DICOM file holds no picture: it may be a report, a directory or a plan.',
        );
  }
  const bitsAllocated = dataSet.uint16('x00280100');
  if (bitsAllocated !== 8 && bitsAllocated !== 16) {
    throw unsupported(`pixels of ${bitsAllocated ?? 'unknown'} bits`);
  }
  const bitsStored = dataSet.uint16('x00280101') ?? bitsAllocated;
  const highBit = dataSet.uint16('x00280102') ?? bitsStored - 1;
  if (bitsStored < 1 || highBit < bitsStored - 1 || highBit >= bitsAllocated) throw damaged();
  return {
    rows,
    columns,
    photometricInterpretation: photometricInterpretationOf(dataSet),
    bitsAllocated,
    bitsStored,
    highBit,
    isSigned: dataSet.uint16('x00280103') === 1,
    frames: Math.max(1, dataSet.intString('x00280008') || 1),
  };
}

function photometricInterpretationOf(dataSet: DataSet): PixelFormat['photometricInterpretation'] {
  const value = dataSet.string('x00280004') ?? '';
  const samples = dataSet.uint16('x00280002') ?? 1;
  if (samples !== 1 || (value !== 'MONOCHROME1' && value !== 'MONOCHROME2')) {
    throw unsupported(
      /^[A-Z0-9_ ]{1,16}$/.test(value) ? `pixels of the kind ${value}` : 'pixels of an unknown kind',
    );
  }
  return value;
}

function hasFloatPixels(dataSet: DataSet): boolean {
  return dataSet.elements['x7fe00008'] !== undefined || dataSet.elements['x7fe00009'] !== undefined;
}

function unsupported(what: string): DicomError {
  return new DicomError(
    'unsupported_pixels',
    `DICOM files with ${what} are not read: send 8 or 16 bits of grey.`,
  );
}
