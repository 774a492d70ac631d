import { damaged } from './dicom-error.js';

const HEADER_BYTES = 64;

/**
 * Unpacks a frame of DICOM RLE: one segment for each byte of a pixel, the most significant first.
 *
 * @returns little-endian words of `bytesPerPixel`, `pixels` of them.
 * @throws DicomError `damaged_dicom`
 * @source DICOM PS3.5, annex G
 */
export function decodeRle(frame: Uint8Array, pixels: number, bytesPerPixel: number): Uint8Array {
  if (frame.length < HEADER_BYTES) throw damaged();
  const header = new DataView(frame.buffer, frame.byteOffset, HEADER_BYTES);
  const segments = header.getUint32(0, true);
  if (segments !== bytesPerPixel) throw damaged();
  const words = new Uint8Array(pixels * bytesPerPixel);
  for (let segment = 0; segment < segments; segment += 1) {
    const start = header.getUint32(4 * (segment + 1), true);
    const end = segment + 1 < segments ? header.getUint32(4 * (segment + 2), true) : frame.length;
    if (start < HEADER_BYTES || start > end || end > frame.length) throw damaged();
    const plane = unpackBits(frame.subarray(start, end), pixels);
    const byte = bytesPerPixel - 1 - segment;
    for (let index = 0; index < pixels; index += 1) words[index * bytesPerPixel + byte] = plane[index] ?? 0;
  }
  return words;
}

/** PackBits: a count below 128 copies that many bytes and one, above 128 repeats the next byte 257 - count times. */
function unpackBits(packed: Uint8Array, length: number): Uint8Array {
  const plain = new Uint8Array(length);
  let read = 0;
  let written = 0;
  while (written < length) {
    const count = packed[read];
    if (count === undefined) throw damaged();
    read += 1;
    if (count === 128) continue;
    if (count < 128) {
      const run = packed.subarray(read, read + Math.min(count + 1, length - written));
      if (run.length === 0) throw damaged();
      plain.set(run, written);
      written += run.length;
      read += count + 1;
    } else {
      const value = packed[read];
      if (value === undefined) throw damaged();
      plain.fill(value, written, written + 257 - count);
      written += 257 - count;
      read += 1;
    }
  }
  return plain;
}
