import { expectDtype, tensor, type Tensor } from '../tensor.js';

/** Which pixels of a line make each new one, and with what weight. */
interface Taps {
  /** First pixel of each new one. */
  readonly starts: Int32Array;
  /** Number of pixels of each new one. */
  readonly counts: Int32Array;
  /** `perOutput` weights for each new one, as fixed-point numbers. */
  readonly weights: Int32Array;
  readonly perOutput: number;
}

/** 8 bits of a pixel, 2 bits for the sum's room, the rest for the weight. */
const WEIGHT_BITS = 32 - 8 - 2;

/**
 * Resizes by Pillow's bilinear filter, to the same bytes: a triangle as wide as the picture shrinks, along the rows
 * first and then along the columns, in fixed-point numbers.
 *
 * @param image `[height, width, channels]`
 * @returns `[size.height, size.width, channels]`; `image` itself when it has that size already.
 * @source Pillow 13, src/libImaging/Resample.c (`ImagingResampleHorizontal_8bpc`, `ImagingResampleVertical_8bpc`)
 */
export function resizeBilinear(
  image: Tensor<'uint8'>,
  size: { readonly width: number; readonly height: number },
): Tensor<'uint8'> {
  return resizeColumns(resizeRows(expectDtype(image, 'uint8'), size.width), size.height);
}

function resizeRows(image: Tensor<'uint8'>, width: number): Tensor<'uint8'> {
  const [height, oldWidth, channels] = image.shape as [number, number, number];
  if (width === oldWidth) return image;
  const { starts, counts, weights, perOutput } = triangleTaps(oldWidth, width);
  const { data } = image;
  const resized = new Uint8Array(height * width * channels);
  let target = 0;
  for (let y = 0; y < height; y++) {
    const row = y * oldWidth * channels;
    for (let x = 0; x < width; x++) {
      const first = row + (starts[x] as number) * channels;
      const count = counts[x] as number;
      for (let channel = 0; channel < channels; channel++) {
        let sum = 1 << (WEIGHT_BITS - 1);
        for (let tap = 0, source = first + channel; tap < count; tap++, source += channels) {
          sum += (data[source] as number) * (weights[x * perOutput + tap] as number);
        }
        resized[target++] = sum >> WEIGHT_BITS;
      }
    }
  }
  return tensor('uint8', [height, width, channels], resized);
}

function resizeColumns(image: Tensor<'uint8'>, height: number): Tensor<'uint8'> {
  const [oldHeight, width, channels] = image.shape as [number, number, number];
  if (height === oldHeight) return image;
  const { starts, counts, weights, perOutput } = triangleTaps(oldHeight, height);
  const { data } = image;
  const stride = width * channels;
  const resized = new Uint8Array(height * stride);
  const sums = new Int32Array(stride);
  for (let y = 0; y < height; y++) {
    sums.fill(1 << (WEIGHT_BITS - 1));
    for (let tap = 0; tap < (counts[y] as number); tap++) {
      const weight = weights[y * perOutput + tap] as number;
      const row = ((starts[y] as number) + tap) * stride;
      for (let i = 0; i < stride; i++) sums[i] = (sums[i] as number) + (data[row + i] as number) * weight;
    }
    for (let i = 0; i < stride; i++) resized[y * stride + i] = (sums[i] as number) >> WEIGHT_BITS;
  }
  return tensor('uint8', [height, width, channels], resized);
}

/** @source Pillow 13, Resample.c, `precompute_coeffs` and `normalize_coeffs_8bpc` */
function triangleTaps(oldLength: number, length: number): Taps {
  const scale = oldLength / length;
  const support = Math.max(scale, 1);
  const perOutput = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(length);
  const counts = new Int32Array(length);
  const weights = new Int32Array(length * perOutput);
  for (let index = 0; index < length; index++) {
    const centre = (index + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(oldLength, Math.trunc(centre + support + 0.5));
    starts[index] = start;
    counts[index] = end - start;
    const exact = Array.from({ length: end - start }, (_, tap) =>
      Math.max(0, 1 - Math.abs((start + tap - centre + 0.5) / support)),
    );
    const total = exact.reduce((sum, weight) => sum + weight, 0);
    exact.forEach((weight, tap) => {
      weights[index * perOutput + tap] = Math.trunc(0.5 + (weight / total) * (1 << WEIGHT_BITS));
    });
  }
  return { starts, counts, weights, perOutput };
}
