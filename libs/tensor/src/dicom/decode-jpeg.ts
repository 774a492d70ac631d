import sharp from 'sharp';
import { imageTypeOf } from '../image/image-type.js';
import { damaged } from './dicom-error.js';

/**
 * Decodes a frame of baseline JPEG to one byte a pixel.
 *
 * @throws DicomError `damaged_dicom` when it is broken, or of another size than the file says.
 */
export async function decodeJpeg(frame: Uint8Array, rows: number, columns: number): Promise<Uint8Array> {
  try {
    if (imageTypeOf(frame) !== 'image/jpeg') throw damaged();
    // A grey profile would bend values that the file says how to show.
    const image = sharp(frame, { failOn: 'truncated', limitInputPixels: false, ignoreIcc: true });
    const { width, height, channels } = await image.metadata();
    if (width !== columns || height !== rows || channels !== 1) throw damaged();
    const { data } = await image
      .toColourspace('b-w')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return new Uint8Array(data.buffer, data.byteOffset, data.length);
  } catch (cause) {
    throw damaged(cause);
  }
}
