import { expectDtype, tensor, type Tensor } from '../tensor.js';
import { TensorError } from '../tensor-error.js';
import { filterTaps, WEIGHT_BITS, type Filter, type Taps } from './filter-taps.js';
import { shrinkRows } from './shrink-rows.js';

export interface Size {
  readonly width: number;
  readonly height: number;
}

const HALF = 1 << (WEIGHT_BITS - 1);
/** From here on, sums over the straight stretches of a bilinear filter are cheaper than its weights. */
const SHRINK_FROM = 4;

/**
 * Resizes as Pillow does: by a filter that grows as the picture shrinks, so that nothing aliases, along the rows first
 * and then along the columns, in fixed-point numbers. The bytes are Pillow's, but where the bilinear filter makes RGB
 * four times narrower or more: there one byte in thousands differs, by 1.
 *
 * @param image `[height, width, channels]`
 * @returns `[size.height, size.width, channels]`; `image` itself when it has that size already.
 * @throws TensorError invalid_shape when the image or the size has no pixel.
 * @source Pillow 13, src/libImaging/Resample.c (`ImagingResampleHorizontal_8bpc`, `ImagingResampleVertical_8bpc`)
 */
export function resize(image: Tensor<'uint8'>, size: Size, filter: Filter = 'bilinear'): Tensor<'uint8'> {
  const { shape } = expectDtype(image, 'uint8');
  const isWhole = (axis: number) => Number.isSafeInteger(axis) && axis > 0;
  if (shape.length !== 3 || ![...shape, size.width, size.height].every(isWhole)) {
    throw new TensorError(
      'invalid_shape',
      `An image of [${shape.join(', ')}] can't be resized to ${size.width} x ${size.height} pixels.`,
    );
  }
  return resizeColumns(resizeRows(image, size.width, filter), size.height, filter);
}

function resizeRows(image: Tensor<'uint8'>, width: number, filter: Filter): Tensor<'uint8'> {
  const [height, oldWidth, channels] = image.shape as [number, number, number];
  if (width === oldWidth) return image;
  if (channels === 3 && filter === 'bilinear' && oldWidth >= width * SHRINK_FROM) {
    return shrinkRows(image, width);
  }
  const resized = new Uint8ClampedArray(height * width * channels);
  const weigh = channels === 3 ? weighRgb : weighChannels;
  weigh(image, resized, filterTaps(filter, oldWidth, width));
  return tensor('uint8', [height, width, channels], new Uint8Array(resized.buffer));
}

/** One loop for three channels: each weight is read once. */
function weighRgb({ shape, data }: Tensor<'uint8'>, resized: Uint8ClampedArray, taps: Taps): void {
  const [height, oldWidth] = shape as [number, number];
  const { starts, counts, weights, perOutput } = taps;
  let target = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < starts.length; x++) {
      let source = (y * oldWidth + (starts[x] as number)) * 3;
      const end = x * perOutput + (counts[x] as number);
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      for (let tap = x * perOutput; tap < end; tap++, source += 3) {
        const weight = weights[tap] as number;
        red = (red + Math.imul(data[source] as number, weight)) | 0;
        green = (green + Math.imul(data[source + 1] as number, weight)) | 0;
        blue = (blue + Math.imul(data[source + 2] as number, weight)) | 0;
      }
      resized[target++] = red >> WEIGHT_BITS;
      resized[target++] = green >> WEIGHT_BITS;
      resized[target++] = blue >> WEIGHT_BITS;
    }
  }
}

function weighChannels({ shape, data }: Tensor<'uint8'>, resized: Uint8ClampedArray, taps: Taps): void {
  const [height, oldWidth, channels] = shape as [number, number, number];
  const { starts, counts, weights, perOutput } = taps;
  let target = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < starts.length; x++) {
      const first = (y * oldWidth + (starts[x] as number)) * channels;
      const end = x * perOutput + (counts[x] as number);
      for (let channel = 0; channel < channels; channel++) {
        let sum = HALF;
        for (let tap = x * perOutput, source = first + channel; tap < end; tap++, source += channels) {
          sum = (sum + Math.imul(data[source] as number, weights[tap] as number)) | 0;
        }
        resized[target++] = sum >> WEIGHT_BITS;
      }
    }
  }
}

function resizeColumns(image: Tensor<'uint8'>, height: number, filter: Filter): Tensor<'uint8'> {
  const [oldHeight, width, channels] = image.shape as [number, number, number];
  if (height === oldHeight) return image;
  const { starts, counts, weights, perOutput } = filterTaps(filter, oldHeight, height);
  const { data } = image;
  const stride = width * channels;
  const resized = new Uint8ClampedArray(height * stride);
  const sums = new Int32Array(stride);
  for (let y = 0; y < height; y++) {
    sums.fill(HALF);
    for (let tap = 0; tap < (counts[y] as number); tap++) {
      const weight = weights[y * perOutput + tap] as number;
      const row = ((starts[y] as number) + tap) * stride;
      for (let i = 0; i < stride; i++) {
        sums[i] = (sums[i] as number) + Math.imul(data[row + i] as number, weight);
      }
    }
    for (let i = 0; i < stride; i++) resized[y * stride + i] = (sums[i] as number) >> WEIGHT_BITS;
  }
  return tensor('uint8', [height, width, channels], new Uint8Array(resized.buffer));
}
