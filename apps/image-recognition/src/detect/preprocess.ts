import type { Tensor } from '@ganglion/tensor';
import { letterbox, normalisePlanes, type DecodedImage, type Letterboxed } from '@ganglion/tensor/image';
import { z } from 'zod';
import { readImage } from './read-image.js';

const triple = z.tuple([z.number(), z.number(), z.number()]);

/** What a detector's manifest says of its input, under `preprocessing`. */
export const detectorInput = z.strictObject({
  width: z.int().min(32),
  height: z.int().min(32),
  channels: z.enum(['rgb', 'bgr']),
  mean: triple,
  std: triple,
});

export type DetectorInput = z.output<typeof detectorInput>;

/** A picture, ready for the model, and how its boxes get back into it. */
export interface PreparedImage {
  /** `[1, 3, height, width]` */
  readonly input: Tensor<'float32'>;
  /** Where the picture lies in the model's input. */
  readonly content: Letterboxed['content'];
  readonly image: DecodedImage;
}

/** So much more than the model sees that the exact resize still has something to average. */
const DECODED_PER_INPUT = 4;

/**
 * Bytes of a picture to the model's input: decoded, laid into its frame without stretching, normalised.
 *
 * @throws ServiceError as {@link readImage}
 */
export async function preprocess(
  bytes: Uint8Array,
  frame: DetectorInput,
  signal?: AbortSignal,
): Promise<PreparedImage> {
  const maxSide = DECODED_PER_INPUT * Math.max(frame.width, frame.height);
  const image = await readImage(bytes, { maxSide, ...(signal && { signal }) });
  const { pixels, content } = letterbox(image.pixels, frame);
  return { input: normalisePlanes(pixels, frame), content, image };
}
