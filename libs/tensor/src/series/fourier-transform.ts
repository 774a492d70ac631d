/** Complex numbers, real and imaginary parts apart. */
export interface ComplexSeries {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/**
 * The discrete Fourier transform of a real series.
 *
 * @param values As many as a power of two.
 * @throws RangeError when they are not.
 * @source Cooley and Tukey (1965), radix 2, decimation in time.
 */
export function fourierTransform(values: Float64Array): ComplexSeries {
  const { length } = values;
  const levels = Math.log2(length);
  if (!Number.isInteger(levels)) throw new RangeError(`${length} is no power of two.`);
  const real = values.map((_, index) => values[reverseBits(index, levels)] as number);
  const imaginary = new Float64Array(length);
  for (let half = 1; half < length; half *= 2) {
    for (let place = 0; place < half; place += 1) {
      const angle = (-Math.PI * place) / half;
      const cosine = Math.cos(angle);
      const sine = Math.sin(angle);
      for (let upper = place; upper < length; upper += 2 * half) {
        const lower = upper + half;
        const re = (real[lower] as number) * cosine - (imaginary[lower] as number) * sine;
        const im = (real[lower] as number) * sine + (imaginary[lower] as number) * cosine;
        real[lower] = (real[upper] as number) - re;
        imaginary[lower] = (imaginary[upper] as number) - im;
        real[upper] = (real[upper] as number) + re;
        imaginary[upper] = (imaginary[upper] as number) + im;
      }
    }
  }
  return { real, imaginary };
}

function reverseBits(number: number, bits: number): number {
  let result = 0;
  for (let bit = 0; bit < bits; bit += 1) result = (result << 1) | ((number >> bit) & 1);
  return result;
}
