import { DicomError } from './dicom-error.js';

/** How the pixels lie in the file. */
export type PixelEncoding = 'native' | 'rle' | 'jpeg' | 'jpeg-2000';

/** A way to write a DICOM file. */
export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly encoding: PixelEncoding;
  readonly isBigEndian: boolean;
}

const READ: readonly TransferSyntax[] = [
  syntax('1.2.840.10008.1.2', 'Implicit VR Little Endian', 'native'),
  syntax('1.2.840.10008.1.2.1', 'Explicit VR Little Endian', 'native'),
  syntax('1.2.840.10008.1.2.1.99', 'Deflated Explicit VR Little Endian', 'native'),
  { ...syntax('1.2.840.10008.1.2.2', 'Explicit VR Big Endian', 'native'), isBigEndian: true },
  syntax('1.2.840.10008.1.2.4.50', 'JPEG Baseline', 'jpeg'),
  syntax('1.2.840.10008.1.2.4.90', 'JPEG 2000 Lossless', 'jpeg-2000'),
  syntax('1.2.840.10008.1.2.4.91', 'JPEG 2000', 'jpeg-2000'),
  syntax('1.2.840.10008.1.2.5', 'RLE Lossless', 'rle'),
];

/** Those that are met in practice and not read, so that the error calls them by their name. */
const NOT_READ: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.4.51': 'JPEG Extended',
  '1.2.840.10008.1.2.4.57': 'JPEG Lossless',
  '1.2.840.10008.1.2.4.70': 'JPEG Lossless, First-Order Prediction',
  '1.2.840.10008.1.2.4.80': 'JPEG-LS Lossless',
  '1.2.840.10008.1.2.4.81': 'JPEG-LS Near-Lossless',
  '1.2.840.10008.1.2.4.92': 'JPEG 2000 Part 2 Lossless',
  '1.2.840.10008.1.2.4.93': 'JPEG 2000 Part 2',
  '1.2.840.10008.1.2.4.100': 'MPEG2 Main Profile',
  '1.2.840.10008.1.2.4.102': 'MPEG-4 AVC/H.264',
  '1.2.840.10008.1.2.4.201': 'High-Throughput JPEG 2000 Lossless',
  '1.2.840.10008.1.2.4.203': 'High-Throughput JPEG 2000',
};

/**
 * The transfer syntax of a UID.
 *
 * @throws DicomError `unsupported_transfer_syntax`, with its name, when it is not read.
 * @source DICOM PS3.6, table A-1
 */
export function transferSyntaxOf(uid: string): TransferSyntax {
  const found = READ.find((known) => known.uid === uid);
  if (found) return found;
  const name = NOT_READ[uid];
  // What is no UID is not repeated: it may be anything.
  const shown = /^[\d.]{1,64}$/.test(uid) ? uid : 'unknown';
  throw new DicomError(
    'unsupported_transfer_syntax',
    `The transfer syntax ${name === undefined ? shown : `${name} (${shown})`} is not read: ` +
      'send the file uncompressed, or as RLE, JPEG Baseline or JPEG 2000.',
  );
}

function syntax(uid: string, name: string, encoding: PixelEncoding): TransferSyntax {
  return { uid, name, encoding, isBigEndian: false };
}
