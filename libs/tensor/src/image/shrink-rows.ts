import { tensor, type Tensor } from '../tensor.js';

/** Numbers that a stretch of a row leaves behind: the sum of its pixels and the sum of its running sums, by channel. */
const SUMS = 6;
/** Factors of one new pixel: for the sum and the running sum of the stretch on its left, then of that on its right. */
const FACTORS = 4;

/**
 * Makes the rows of a picture shorter by a triangle filter, at a cost of two additions a byte however wide the filter.
 *
 * Between the centres of two new pixels the weights of both are straight lines. What both need of the pixels there is
 * their sum and their sum weighted by position, and the latter comes out of running sums.
 *
 * @param image `[height, oldWidth, 3]`, with `oldWidth` more than `width`
 * @returns `[height, width, 3]`: within 1 of the fixed-point numbers of Pillow, whose weights are rounded.
 */
export function shrinkRows(image: Tensor<'uint8'>, width: number): Tensor<'uint8'> {
  const [height, oldWidth] = image.shape as [number, number];
  const ends = stretchEnds(oldWidth, width);
  const factors = stretchFactors(oldWidth, width, ends);
  const sums = new Float64Array(ends.length * SUMS);
  const shrunk = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    sumStretches(image.data.subarray(y * oldWidth * 3, (y + 1) * oldWidth * 3), ends, sums);
    combine(sums, factors, shrunk.subarray(y * width * 3, (y + 1) * width * 3));
  }
  return tensor('uint8', [height, width, 3], shrunk);
}

/** Where the stretches end: number `i` is the first pixel whose middle lies at or behind the centre of new pixel `i`. */
function stretchEnds(oldWidth: number, width: number): Int32Array {
  const scale = oldWidth / width;
  return Int32Array.from({ length: width + 1 }, (_, index) =>
    Math.min(oldWidth, Math.ceil((index + 0.5) * scale - 0.5)),
  );
}

/** A weight is a straight line in the position; a running sum counts the pixel at `end - n` n times. */
function stretchFactors(oldWidth: number, width: number, ends: Int32Array): Float64Array {
  const scale = oldWidth / width;
  const factors = new Float64Array(width * FACTORS);
  for (let x = 0; x < width; x++) {
    const [start, middle, end] = [x === 0 ? 0 : ends[x - 1], ends[x], ends[x + 1]] as [
      number,
      number,
      number,
    ];
    const rising = middle + 0.5 - (x - 0.5) * scale;
    const falling = (x + 1.5) * scale - (end + 0.5);
    const [left, right] = [middle - start, end - middle];
    const total = rising * left - (left * (left + 1)) / 2 + falling * right + (right * (right + 1)) / 2;
    factors.set([rising / total, -1 / total, falling / total, 1 / total], x * FACTORS);
  }
  return factors;
}

function sumStretches(row: Uint8Array, ends: Int32Array, sums: Float64Array): void {
  let source = 0;
  let target = 0;
  for (let stretch = 0; stretch < ends.length; stretch++) {
    const end = (ends[stretch] as number) * 3;
    let red = 0;
    let green = 0;
    let blue = 0;
    let redRunning = 0;
    let greenRunning = 0;
    let blueRunning = 0;
    for (; source < end; source += 3) {
      red = (red + (row[source] as number)) | 0;
      redRunning = (redRunning + red) | 0;
      green = (green + (row[source + 1] as number)) | 0;
      greenRunning = (greenRunning + green) | 0;
      blue = (blue + (row[source + 2] as number)) | 0;
      blueRunning = (blueRunning + blue) | 0;
    }
    sums[target] = red;
    sums[target + 1] = green;
    sums[target + 2] = blue;
    sums[target + 3] = redRunning;
    sums[target + 4] = greenRunning;
    sums[target + 5] = blueRunning;
    target += SUMS;
  }
}

function combine(sums: Float64Array, factors: Float64Array, shrunk: Uint8Array): void {
  for (let target = 0, left = 0, factor = 0; target < shrunk.length; left += SUMS, factor += FACTORS) {
    const rising = factors[factor] as number;
    const risingRunning = factors[factor + 1] as number;
    const falling = factors[factor + 2] as number;
    const fallingRunning = factors[factor + 3] as number;
    for (let sum = left; sum < left + 3; sum++) {
      // The half rounds: what is written to bytes is cut off.
      shrunk[target++] =
        0.5 +
        (sums[sum] as number) * rising +
        (sums[sum + 3] as number) * risingRunning +
        (sums[sum + SUMS] as number) * falling +
        (sums[sum + SUMS + 3] as number) * fallingRunning;
    }
  }
}
