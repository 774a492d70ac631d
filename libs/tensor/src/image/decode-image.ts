import sharp, { type Metadata } from 'sharp';
import { tensor, type Tensor } from '../tensor.js';
import { ImageError } from './image-error.js';
import { imageTypeOf, type ImageType } from './image-type.js';
import type { Size } from './resize.js';

// libvips would also read SVG, TIFF and GIF, each a parser that nobody asked for.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
});
// Two requests hardly ever bring the same picture: a cache of operations would only hold memory.
sharp.cache(false);

/** Pixels of a picture as a viewer shows it: `[height, width, 3]`, RGB, 0..255. */
export type Pixels = Tensor<'uint8'>;

export interface DecodeOptions {
  /** Larger pictures are refused before they are unpacked. */
  readonly maxPixels?: number;
  /** A picture with a longer side than this is made smaller while it is decoded, so that memory stays bounded. */
  readonly maxSide?: number;
  /** A picture that waits for its turn is dropped when it is aborted. */
  readonly signal?: AbortSignal;
}

/** A picture that was read: sRGB, upright, without transparency. */
export interface DecodedImage {
  readonly pixels: Pixels;
  readonly type: ImageType;
  /** Size of the whole upright picture; `pixels` are fewer where `maxSide` made it smaller. */
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1..8, already applied; 1 when the picture was stored upright. */
  readonly orientation: number;
  /** Whether it had an alpha channel; what is transparent shows white. */
  readonly hadAlpha: boolean;
  /** Pictures in the file; the first was read. */
  readonly frames: number;
  /** Whether the decoder complained and some pixels may be wrong. */
  readonly isDamaged: boolean;
}

/** A phone's 50-megapixel picture passes; 64 million pixels of 8 bytes are half a gigabyte. */
const MAX_PIXELS = 64_000_000;
/** Pictures of more pixels are decoded one after the other, so that many of them do not fill the memory. */
const LARGE_PIXELS = 16_000_000;

/**
 * Decodes a JPEG, PNG or WebP: EXIF orientation applied, alpha laid on white, CMYK, grey, palette and 16 bit brought
 * to 8-bit sRGB (by its ICC profile, where there is one), the first picture of an animation.
 *
 * @throws ImageError `not_an_image`, `unsupported_image`, `too_many_pixels`, or `damaged_image` when it is cut short or
 *   cannot be decoded; the signal's reason when it is aborted before its turn.
 */
export function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<DecodedImage> {
  const { maxSide = Infinity } = options;
  return decodeAt(bytes, (size) => ({ ...fitWithin(size, maxSide), kernel: 'linear' }), options);
}

/** The size that a picture is decoded to, and the filter of libvips by which it gets there. */
export interface DecodedSize extends Size {
  readonly kernel: 'linear' | 'cubic';
}

/**
 * {@link decodeImage} to a size that follows from the picture's own, upright. A JPEG or WebP that shrinks a lot is
 * never unpacked whole: it shrinks by a power of two while it is decoded, and by the filter from there on.
 *
 * @throws ImageError as {@link decodeImage}
 */
export async function decodeAt(
  bytes: Uint8Array,
  sizeOf: (whole: Size) => DecodedSize,
  options: Omit<DecodeOptions, 'maxSide'>,
): Promise<DecodedImage> {
  const type = imageTypeOf(bytes);
  const metadata = await readMetadata(bytes);
  const { width, height } = metadata.autoOrient;
  const maxPixels = options.maxPixels ?? MAX_PIXELS;
  if (width * height > maxPixels) {
    const megapixels = Math.round(maxPixels / 1e6);
    throw new ImageError(
      'too_many_pixels',
      `The picture has ${width} x ${height} pixels: send at most ${megapixels} million pixels.`,
    );
  }
  const size = sizeOf({ width, height });
  const read = () => readPixels(bytes, size);
  const { pixels, isDamaged } = await (width * height > LARGE_PIXELS ? inTurn(read, options.signal) : read());
  return {
    pixels,
    type,
    width,
    height,
    orientation: metadata.orientation ?? 1,
    hadAlpha: metadata.hasAlpha,
    frames: metadata.pages ?? 1,
    isDamaged,
  };
}

let lastLarge: Promise<unknown> = Promise.resolve();

function inTurn<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const result = lastLarge.then(() => {
    signal?.throwIfAborted();
    return work();
  });
  lastLarge = result.catch(() => undefined);
  return result;
}

function fitWithin({ width, height }: Size, maxSide: number): Size {
  const scale = Math.min(1, maxSide / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

async function readMetadata(bytes: Uint8Array): Promise<Metadata> {
  try {
    return await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (cause) {
    throw damaged(cause);
  }
}

/** Decoders complain of harmless things as well, so what only draws a complaint is read and marked. */
async function readPixels(
  bytes: Uint8Array,
  size: DecodedSize,
): Promise<{ pixels: Pixels; isDamaged: boolean }> {
  try {
    return { pixels: await rawPixels(bytes, size, 'warning'), isDamaged: false };
  } catch {
    try {
      return { pixels: await rawPixels(bytes, size, 'truncated'), isDamaged: true };
    } catch (cause) {
      throw damaged(cause);
    }
  }
}

async function rawPixels(
  bytes: Uint8Array,
  size: DecodedSize,
  failOn: 'warning' | 'truncated',
): Promise<Pixels> {
  const { width, height, kernel } = size;
  const { data, info } = await sharp(bytes, { failOn, limitInputPixels: false, pages: 1 })
    .autoOrient()
    .resize({ width, height, fit: 'fill', kernel, fastShrinkOnLoad: false })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return tensor(
    'uint8',
    [info.height, info.width, info.channels],
    new Uint8Array(data.buffer, data.byteOffset, data.length),
  );
}

function damaged(cause: unknown): ImageError {
  return new ImageError(
    'damaged_image',
    'The picture could not be decoded: it is cut short or broken. Send the whole file.',
    cause,
  );
}
