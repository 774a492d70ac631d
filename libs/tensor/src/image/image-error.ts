/**
 * What an {@link ImageError} complains about. `not_an_image`: nothing that is known as a picture.
 * `unsupported_image`: a picture of a type that is not read. `damaged_image`: cut short, or broken.
 * `too_many_pixels`: larger than the limit when it is unpacked.
 */
export type ImageErrorCode = 'not_an_image' | 'unsupported_image' | 'damaged_image' | 'too_many_pixels';

/** Why a picture could not be read; the message may be shown to who sent it. */
export class ImageError extends Error {
  override readonly name = 'ImageError';

  constructor(
    readonly code: ImageErrorCode,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}
