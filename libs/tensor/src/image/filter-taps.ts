/** The filters that pictures are resized by, named as in Pillow. */
export type Filter = 'bilinear' | 'bicubic' | 'box';

interface Kernel {
  /** Half of its width, in new pixels. */
  readonly support: number;
  /** Weight at a distance from the centre. */
  weight(distance: number): number;
}

/** Pillow's sharpness of the bicubic filter. */
const A = -0.5;

const KERNELS: Record<Filter, Kernel> = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: (x) => cubic(Math.abs(x)) },
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
};

function cubic(x: number): number {
  if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
}

/** 8 bits of a pixel, 2 bits for the sum's room, the rest for the weight. */
export const WEIGHT_BITS = 32 - 8 - 2;

/** Which pixels of a line make each new one, and with what weight. */
export interface Taps {
  /** First pixel of each new one. */
  readonly starts: Int32Array;
  /** Number of pixels of each new one. */
  readonly counts: Int32Array;
  /** `perOutput` weights for each new one, in steps of 2^-{@link WEIGHT_BITS}. */
  readonly weights: Int32Array;
  readonly perOutput: number;
}

/**
 * The weights that bring a line of `oldLength` pixels to `length`; the filter grows as the picture shrinks.
 *
 * @source Pillow 13, Resample.c, `precompute_coeffs` and `normalize_coeffs_8bpc`
 */
export function filterTaps(filter: Filter, oldLength: number, length: number): Taps {
  const kernel = KERNELS[filter];
  const scale = oldLength / length;
  const stretch = Math.max(scale, 1);
  const support = kernel.support * stretch;
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
      kernel.weight((start + tap - centre + 0.5) * (1 / stretch)),
    );
    const total = exact.reduce((sum, weight) => sum + weight, 0);
    exact.forEach((weight, tap) => {
      const steps = (weight / total) * (1 << WEIGHT_BITS);
      weights[index * perOutput + tap] = Math.trunc(steps + (steps < 0 ? -0.5 : 0.5));
    });
  }
  return { starts, counts, weights, perOutput };
}
