import { tensor, type Tensor } from '../tensor.js';
import { containSize } from './fit-size.js';
import { resize, type Size } from './resize.js';

/** A picture that was laid into a frame of another shape without being stretched. */
export interface Letterboxed {
  /** `[frame.height, frame.width, 3]` */
  readonly pixels: Tensor<'uint8'>;
  /** Where the picture lies in the frame, in pixels of the frame. */
  readonly content: { readonly left: number; readonly top: number } & Size;
}

/**
 * Resizes a picture to the largest size that a frame holds in its own shape, and lays it into the frame's middle.
 *
 * @param image `[height, width, 3]`
 * @param fill What the bars beside it hold, 0..255 in each channel.
 */
export function letterbox(image: Tensor<'uint8'>, frame: Size, fill = 0): Letterboxed {
  const [height, width, channels] = image.shape as [number, number, number];
  const size = containSize({ width, height }, frame);
  const content = resize(image, size);
  const left = Math.floor((frame.width - size.width) / 2);
  const top = Math.floor((frame.height - size.height) / 2);
  const framed = new Uint8Array(frame.height * frame.width * channels).fill(fill);
  const stride = size.width * channels;
  for (let y = 0; y < size.height; y++) {
    const row = content.data.subarray(y * stride, (y + 1) * stride);
    framed.set(row, ((top + y) * frame.width + left) * channels);
  }
  return {
    pixels: tensor('uint8', [frame.height, frame.width, channels], framed),
    content: { left, top, ...size },
  };
}
