import { ServiceError, type CoreErrorCode, type DeclaredError } from '@ganglion/contracts/errors';
import { filmErrors } from '@ganglion/contracts/services/medical-imaging/classify';
import {
  decodeImage,
  ImageError,
  imageTypeOf,
  type DecodedImage,
  type ImageErrorCode,
} from '@ganglion/tensor/image';
import type { GreyFilm } from './film.js';
import { MAX_PIXELS } from './read-film.js';

const ERRORS: Readonly<Record<ImageErrorCode, CoreErrorCode | DeclaredError>> = {
  not_an_image: 'unsupported_media_type',
  unsupported_image: 'unsupported_media_type',
  damaged_image: filmErrors.damaged_film,
  too_many_pixels: filmErrors.too_many_pixels,
};
const FORMATS: Readonly<Record<string, 'png' | 'jpeg'>> = { 'image/png': 'png', 'image/jpeg': 'jpeg' };

/** So much more than the model sees that the exact resize still has something to average. */
const DECODED_PER_INPUT = 40;
/** Mean difference of a pixel's strongest and weakest colour, 0..255: noise of a JPEG, and a photo's colours. */
const CHROMA = { tint: 1.5, colour: 6 };

/**
 * Decodes a PNG or JPEG to grey.
 *
 * @throws ServiceError `unsupported_media_type`, and the errors of the contract
 */
export async function readPictureFilm(bytes: Uint8Array, side: number): Promise<GreyFilm> {
  const image = await decode(bytes, DECODED_PER_INPUT * side).catch((error: unknown) => {
    if (!(error instanceof ImageError)) throw error;
    throw new ServiceError(ERRORS[error.code], detailOf(error), { cause: error });
  });
  const { width, height, frames, hadAlpha, isDamaged, orientation } = image;
  const { pixels, chroma } = toGrey(image.pixels.data);
  if (chroma > CHROMA.colour) {
    throw new ServiceError(
      filmErrors.not_a_chest_film,
      'The picture has colours, and a film has none: send the film in grey.',
    );
  }
  return {
    pixels,
    width: image.pixels.shape[1] as number,
    height: image.pixels.shape[0] as number,
    source: {
      ...{ width, height, frames, hadAlpha, isDamaged },
      format: FORMATS[image.type] as 'png' | 'jpeg',
      isTurned: orientation !== 1,
      isTinted: chroma > CHROMA.tint,
    },
  };
}

async function decode(bytes: Uint8Array, maxSide: number): Promise<DecodedImage> {
  if (imageTypeOf(bytes) === 'image/webp') throw new ImageError('unsupported_image', 'This is a WebP');
  return decodeImage(bytes, { maxPixels: MAX_PIXELS, maxSide });
}

/** The library would ask for other types than are taken here. */
function detailOf({ code, message }: ImageError): string {
  if (ERRORS[code] !== 'unsupported_media_type') return message;
  return `${message.replace(/:.*/, '')}: send a DICOM file, a PNG or a JPEG.`;
}

/**
 * Luma of RGB as Pillow has it, and how much colour there was.
 *
 * @source Pillow 13, src/libImaging/Convert.c, `L24`
 */
function toGrey(rgb: Uint8Array): { pixels: Uint8Array<ArrayBuffer>; chroma: number } {
  const pixels = new Uint8Array(rgb.length / 3);
  let chroma = 0;
  for (let index = 0, source = 0; index < pixels.length; index += 1, source += 3) {
    const [red, green, blue] = [rgb[source] ?? 0, rgb[source + 1] ?? 0, rgb[source + 2] ?? 0];
    pixels[index] = (red * 19_595 + green * 38_470 + blue * 7_471 + 0x8000) >> 16;
    chroma += Math.max(red, green, blue) - Math.min(red, green, blue);
  }
  return { pixels, chroma: chroma / pixels.length };
}
