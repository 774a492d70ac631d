import { createRequire } from 'node:module';
import { damaged } from './dicom-error.js';

interface J2KDecoder {
  /** Memory of that many bytes for the code stream. */
  getEncodedBuffer(byteLength: number): Uint8Array;
  decode(): void;
  /** One or two bytes a sample, little-endian, in memory of the module; empty when decoding failed. */
  getDecodedBuffer(): Uint8Array;
}

type LoadOpenJpeg = (options: {
  print: () => void;
  printErr: () => void;
}) => Promise<{ J2KDecoder: new () => J2KDecoder }>;

// The package comes without types, as CommonJS that looks for its .wasm beside itself.
const loadOpenJpeg = createRequire(import.meta.url)(
  '@cornerstonejs/codec-openjpeg/decodewasmjs',
) as LoadOpenJpeg;

/**
 * Decodes a frame of JPEG 2000 by OpenJPEG in WebAssembly to little-endian words, of one byte where `bitsAllocated` is
 * 8 and of two where it is 16.
 *
 * @throws DicomError `damaged_dicom` when it is broken, or of another size or depth than the file says.
 */
export async function decodeJpeg2000(
  frame: Uint8Array,
  { rows, columns, bitsAllocated }: { rows: number; columns: number; bitsAllocated: 8 | 16 },
): Promise<Uint8Array> {
  const size = readSize(frame);
  // Before a pixel is unpacked: a frame of a kilobyte may claim to be of any size.
  if (size.width !== columns || size.height !== rows || size.components !== 1) throw damaged();
  if (size.bitsPerSample > bitsAllocated) throw damaged();
  const samples = await decode(frame.subarray(size.start));
  if (samples.length !== rows * columns * (size.bitsPerSample > 8 ? 2 : 1)) throw damaged();
  return size.bitsPerSample <= 8 && bitsAllocated === 16 ? widen(samples, size.isSigned) : samples;
}

async function decode(codeStream: Uint8Array): Promise<Uint8Array> {
  // A module for each frame: its memory never shrinks, and a broken frame may leave it in any state.
  const { J2KDecoder } = await loadOpenJpeg({ print: ignore, printErr: ignore });
  try {
    const decoder = new J2KDecoder();
    decoder.getEncodedBuffer(codeStream.length).set(codeStream);
    decoder.decode();
    return Uint8Array.from(decoder.getDecodedBuffer());
  } catch (cause) {
    throw damaged(cause);
  }
}

/** Of a code stream's head: the markers SOC and SIZ. */
const START = Buffer.of(0xff, 0x4f, 0xff, 0x51);
const SIZE_BYTES = 43;
/** Boxes of a .jp2 file before the code stream, which DICOM forbids and devices write. */
const MAX_BOXES_BYTES = 4096;

/** @source ISO/IEC 15444-1, A.5.1 */
function readSize(frame: Uint8Array) {
  const start = Buffer.from(frame.subarray(0, MAX_BOXES_BYTES)).indexOf(START);
  if (start < 0 || start + SIZE_BYTES > frame.length) throw damaged();
  const head = new DataView(frame.buffer, frame.byteOffset + start, SIZE_BYTES);
  const depth = head.getUint8(42);
  return {
    start,
    width: head.getUint32(8) - head.getUint32(16),
    height: head.getUint32(12) - head.getUint32(20),
    components: head.getUint16(40),
    bitsPerSample: (depth & 0x7f) + 1,
    isSigned: depth >= 0x80,
  };
}

function widen(samples: Uint8Array, isSigned: boolean): Uint8Array {
  const values = isSigned ? new Int8Array(samples.buffer, samples.byteOffset, samples.length) : samples;
  return new Uint8Array(Int16Array.from(values).buffer);
}

function ignore(): void {
  // OpenJPEG prints what it finds; the error that follows says enough.
}
