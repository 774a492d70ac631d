import { tensor, type Tensor } from '../tensor.js';
import { TensorError } from '../tensor-error.js';
import type { Size } from './resize.js';

/**
 * Cuts the middle out of a picture; what can't be halved is left over on the right and below.
 *
 * @param image `[height, width, channels]`
 * @returns `[size.height, size.width, channels]`; `image` itself when it has that size already.
 * @throws TensorError out_of_range when the picture is smaller than `size`.
 */
export function centreCrop(image: Tensor<'uint8'>, size: Size): Tensor<'uint8'> {
  const [height, width, channels] = image.shape as [number, number, number];
  if (size.width > width || size.height > height) {
    throw new TensorError(
      'out_of_range',
      `${size.width} x ${size.height} pixels can't be cut out of ${width} x ${height}: resize the picture first.`,
    );
  }
  if (size.width === width && size.height === height) return image;
  const left = Math.floor((width - size.width) / 2);
  const top = Math.floor((height - size.height) / 2);
  const stride = size.width * channels;
  const cropped = new Uint8Array(size.height * stride);
  for (let y = 0; y < size.height; y++) {
    const from = ((top + y) * width + left) * channels;
    cropped.set(image.data.subarray(from, from + stride), y * stride);
  }
  return tensor('uint8', [size.height, size.width, channels], cropped);
}
