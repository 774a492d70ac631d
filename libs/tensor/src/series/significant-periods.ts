import { RealFft } from '../numeric/real-fft.js';

/** One chance in twenty that white noise shows a period at all. */
const SIGNIFICANCE = 0.05;

/**
 * Lengths of the periods that a series repeats in, the strongest first: the peaks of its periodogram that white noise
 * would not have, rounded to whole steps, from 2 to half of the transform's length.
 *
 * @param values Without gaps.
 * @param count How many at the most.
 * @source Fisher (1929), Tests of significance in harmonic analysis, with Bonferroni's bound; tinycast's
 *   `significant_periods`, as fracast 0.1.0 has it.
 */
export function significantPeriods(values: ArrayLike<number>, count: number): number[] {
  const shares = periodogram(values);
  const limit = Math.log(shares.length / SIGNIFICANCE) / shares.length;
  const length = 2 * shares.length;
  return Array.from(shares, (share, index) => ({ share, index }))
    .filter(({ share, index }) => {
      const before = shares[index - 1] ?? Infinity;
      const behind = shares[index + 1] ?? Infinity;
      return index > 0 && share >= limit && share > before && share > behind;
    })
    .sort((left, right) => right.share - left.share)
    .slice(0, count)
    .map(({ index }) => Math.round(length / (index + 1)));
}

/**
 * Share of each frequency in the variance of a series, which is padded to a power of two; the first is that of one
 * cycle in the padded length. All zero for a series of equal values.
 */
export function periodogram(values: ArrayLike<number>): Float64Array {
  // From the first value on: equal values become zeros, where their mean would leave its rounding.
  const series = Float64Array.from(values, (value) => value - (values[0] as number));
  const mean = series.reduce((sum, value) => sum + value / series.length, 0);
  const padded = new Float64Array(2 ** Math.ceil(Math.log2(Math.max(4, series.length))));
  padded.set(series.map((value) => value - mean));
  const fft = new RealFft(padded.length);
  const spectrum = new Float64Array(2 * fft.bins);
  fft.transform(padded, spectrum);
  // The first bin holds the mean, which is zero.
  const powers = Float64Array.from(
    { length: fft.bins - 1 },
    (_, index) => (spectrum[2 * index + 2] as number) ** 2 + (spectrum[2 * index + 3] as number) ** 2,
  );
  const total = powers.reduce((sum, power) => sum + power, 0);
  return total === 0 ? powers : powers.map((power) => power / total);
}
