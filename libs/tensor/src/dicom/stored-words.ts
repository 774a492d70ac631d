import type { DataSet, Element } from 'dicom-parser';
import { damaged, DicomError } from './dicom-error.js';
import { decodeJpeg } from './decode-jpeg.js';
import { decodeJpeg2000 } from './decode-jpeg-2000.js';
import { decodeRle } from './decode-rle.js';
import type { ParsedDicom } from './parse-dicom.js';
import type { PixelFormat } from './pixel-format.js';

/** The words of the first frame, uncompressed. */
export interface StoredWords {
  /** One number for each pixel, all allocated bits of it. */
  readonly words: Uint8Array | Uint16Array;
  /** Whether the values lie in the lowest bits, wherever the file says that its high bit is. */
  readonly isAligned: boolean;
}

/**
 * Unpacks the first frame of a file, by its transfer syntax.
 *
 * @throws DicomError `damaged_dicom`, or `unsupported_pixels` when frames cannot be told apart.
 */
export async function readStoredWords(parsed: ParsedDicom, format: PixelFormat): Promise<StoredWords> {
  const { dataSet, transferSyntax } = parsed;
  const element = dataSet.elements['x7fe00010'];
  if (!element || (transferSyntax.encoding === 'native') === (element.fragments !== undefined))
    throw damaged();
  const { rows, columns, bitsAllocated } = format;
  if (transferSyntax.encoding === 'native') {
    const bytes = nativeFrame(dataSet, element, rows * columns * (bitsAllocated / 8));
    const isSwapped = transferSyntax.isBigEndian && (bitsAllocated === 16 || element.vr === 'OW');
    return { words: wordsOf(isSwapped ? swapped(bytes) : bytes, bitsAllocated), isAligned: false };
  }
  const frame = firstFrame(dataSet, element, format.frames);
  switch (transferSyntax.encoding) {
    case 'rle': {
      const bytes = decodeRle(frame, rows * columns, bitsAllocated / 8);
      return { words: wordsOf(bytes, bitsAllocated), isAligned: false };
    }
    case 'jpeg':
      return { words: await decodeJpeg(frame, rows, columns), isAligned: true };
    case 'jpeg-2000':
      return { words: wordsOf(await decodeJpeg2000(frame, format), bitsAllocated), isAligned: true };
  }
}

function nativeFrame(dataSet: DataSet, element: Element, byteLength: number): Uint8Array {
  const { dataOffset } = element;
  if (element.length < byteLength || dataOffset + byteLength > dataSet.byteArray.length) throw damaged();
  return dataSet.byteArray.subarray(dataOffset, dataOffset + byteLength);
}

/** A frame may lie in several fragments; the table of offsets, which may be empty, says where the second begins. */
function firstFrame(dataSet: DataSet, element: Element, frames: number): Uint8Array {
  const fragments = element.fragments ?? [];
  const end = frames === 1 ? Infinity : element.basicOffsetTable?.[1];
  if (end === undefined && fragments.length !== frames) {
    throw new DicomError(
      'unsupported_pixels',
      'The file does not say where its first picture ends: send one picture.',
    );
  }
  const own = end === undefined ? fragments.slice(0, 1) : fragments.filter(({ offset }) => offset < end);
  if (own.length === 0) throw damaged();
  return Buffer.concat(
    own.map(({ position, length }) => dataSet.byteArray.subarray(position, position + length)),
  );
}

/** A row of 8-bit pixels under VR OW is stored as big-endian pairs too. */
function swapped(bytes: Uint8Array): Uint8Array {
  const even = Buffer.alloc(bytes.length + (bytes.length % 2));
  even.set(bytes);
  return even.swap16().subarray(0, bytes.length);
}

function wordsOf(bytes: Uint8Array, bitsAllocated: 8 | 16): Uint8Array | Uint16Array {
  if (bitsAllocated === 8) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // A loop, for `from` takes several times as long, and a film has millions of pixels.
  const words = new Uint16Array(bytes.byteLength / 2);
  for (let index = 0; index < words.length; index += 1) words[index] = view.getUint16(2 * index, true);
  return words;
}
