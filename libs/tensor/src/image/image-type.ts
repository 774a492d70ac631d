import { ImageError } from './image-error.js';

/** The types of picture that are read. */
export const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;

export type ImageType = (typeof IMAGE_TYPES)[number];

/** How files of a type begin, as Latin-1; a dot stands for any byte. */
const SIGNATURES: readonly (readonly [ImageType, RegExp])[] = [
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/webp', /^RIFF....WEBP/s],
];

/** Pictures that people send and that are not read, to call them by their name. */
const OTHERS: readonly (readonly [string, RegExp])[] = [
  ['a GIF', /^GIF8/],
  ['an SVG drawing', /^(\xef\xbb\xbf)?\s*<(\?xml|!--|!DOCTYPE svg|svg)/],
  ['a TIFF', /^(II\*\0|MM\0\*)/],
  ['a BMP', /^BM....\0\0\0\0/s],
  ['a HEIC or AVIF picture', /^....ftyp(hei|hev|mif|msf|avi)/s],
  ['a JPEG XL', /^(\xff\x0a|\0\0\0\x0cJXL )/],
  ['a JPEG 2000', /^(\0\0\0\x0cjP {2}|\xff\x4f\xff\x51)/],
  ['a DICOM file', /^.{128}DICM/s],
  ['a PDF', /^%PDF-/],
];
const SIGNATURE_BYTES = 256;

/**
 * Tells by its first bytes what type a picture has, whatever its name or header says.
 *
 * @throws ImageError `unsupported_image` for a known type that is not read, else `not_an_image`.
 */
export function imageTypeOf(bytes: Uint8Array): ImageType {
  const start = Buffer.from(bytes.subarray(0, SIGNATURE_BYTES)).toString('latin1');
  const found = SIGNATURES.find(([, signature]) => signature.test(start));
  if (found !== undefined) return found[0];
  const other = OTHERS.find(([, signature]) => signature.test(start));
  if (other !== undefined) {
    throw new ImageError('unsupported_image', `This is ${other[0]}: send a JPEG, PNG or WebP.`);
  }
  throw new ImageError('not_an_image', 'These bytes are no picture that is known: send a JPEG, PNG or WebP.');
}
