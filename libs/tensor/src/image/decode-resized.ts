import { decodeAt, decodeImage, type DecodedImage, type DecodeOptions } from './decode-image.js';
import type { Filter } from './filter-taps.js';
import { resize, type Size } from './resize.js';

/**
 * How a picture gets from its file to the size that a network reads.
 *
 * `exact`: unpacked whole, then resized by Pillow's rules, as networks are trained and evaluated in Python.
 *
 * `fast`: a JPEG or WebP shrinks by 2, 4 or 8 while it is decoded, to twice the size at least, and libvips does the
 * rest; what must grow grows as in `exact`. It takes less than half as long for 12 megapixels. Measured on COCO photos
 * (tools/training/detect/compare-resampling.mjs) against `exact`: at 224 x 224 the values differ by 0.2 of 255 levels on
 * average and 99 % of them by 1 at most; where the decoder shrinks, 0.8 and 9 (at 96 x 96). A detector's mean average
 * precision is the same to 0.0005, that at an overlap of 0.5 to 0.003.
 */
export type Resampling =
  | { readonly mode: 'exact'; readonly filter: Filter }
  | { readonly mode: 'fast'; readonly filter: Exclude<Filter, 'box'> };

const KERNELS = { bilinear: 'linear', bicubic: 'cubic' } as const;

/**
 * Decodes a picture to a size, upright in both modes.
 *
 * @param sizeOf The size wanted of a picture whose upright size is known by then: {@link coverSize},
 *   {@link containSize}, or always the same, to stretch. It may be called more than once.
 * @returns `pixels` `[height, width, 3]` of that size; `width` and `height` are those of the whole picture.
 * @throws ImageError as {@link decodeImage}
 */
export async function decodeResized(
  bytes: Uint8Array,
  sizeOf: (whole: Size) => Size,
  { mode, filter, ...options }: Resampling & Omit<DecodeOptions, 'maxSide'>,
): Promise<DecodedImage> {
  const image = await (mode === 'exact'
    ? decodeImage(bytes, options)
    : decodeAt(bytes, (whole) => ({ ...noLarger(sizeOf(whole), whole), kernel: KERNELS[filter] }), options));
  return { ...image, pixels: resize(image.pixels, sizeOf(image), filter) };
}

/** libvips enlarges with other edges than Pillow. */
function noLarger(size: Size, whole: Size): Size {
  return { width: Math.min(size.width, whole.width), height: Math.min(size.height, whole.height) };
}
