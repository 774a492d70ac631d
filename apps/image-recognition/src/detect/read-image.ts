import { ServiceError, type CoreErrorCode, type DeclaredError } from '@ganglion/contracts/errors';
import { imageErrors } from '@ganglion/contracts/services/image-recognition/detect';
import {
  decodeImage,
  ImageError,
  type DecodedImage,
  type DecodeOptions,
  type ImageErrorCode,
} from '@ganglion/tensor/image';

const ERRORS: Readonly<Record<ImageErrorCode, CoreErrorCode | DeclaredError>> = {
  not_an_image: 'unsupported_media_type',
  unsupported_image: 'unsupported_media_type',
  damaged_image: imageErrors.damaged_image,
  too_many_pixels: imageErrors.too_many_pixels,
};

/** Below this there is nothing to be seen. */
const MIN_SIDE = 16;

/**
 * Decodes the picture of a request.
 *
 * @throws ServiceError `unsupported_media_type`, `image-recognition.damaged_image`, `.too_many_pixels`,
 *   `.image_too_small`
 */
export async function readImage(bytes: Uint8Array, options: DecodeOptions): Promise<DecodedImage> {
  const image = await decodeImage(bytes, options).catch((error: unknown) => {
    if (!(error instanceof ImageError)) throw error;
    throw new ServiceError(ERRORS[error.code], error.message, { cause: error });
  });
  const { width, height } = image;
  if (Math.min(width, height) < MIN_SIDE) {
    throw new ServiceError(
      imageErrors.image_too_small,
      `The picture has ${width} x ${height} pixels: send at least ${MIN_SIDE} x ${MIN_SIDE}.`,
    );
  }
  return image;
}
