import { ComplexFft } from './complex-fft.js';

/**
 * The discrete Fourier transform of real numbers, in float64: the `length / 2 + 1` bins from 0 Hz to half the rate.
 *
 * An even length goes as half as many complex numbers.
 *
 * @source Press et al., Numerical Recipes, 3rd edition, section 12.3
 */
export class RealFft {
  readonly bins: number;
  private readonly fft: ComplexFft;
  private readonly values: Float64Array;
  private readonly cos: Float64Array;
  private readonly sin: Float64Array;

  /** @throws RangeError when the length is no whole number from 1 on. */
  constructor(readonly length: number) {
    if (!Number.isSafeInteger(length) || length < 1) {
      throw new RangeError(`A transform has a whole number of values from 1 on, not ${length}.`);
    }
    this.bins = Math.floor(length / 2) + 1;
    this.fft = new ComplexFft(length % 2 === 0 ? length / 2 : length);
    this.values = new Float64Array(2 * this.fft.length);
    const angles = Float64Array.from({ length: this.bins }, (_, bin) => (2 * Math.PI * bin) / length);
    this.cos = angles.map(Math.cos);
    this.sin = angles.map(Math.sin);
  }

  /** @param spectrum Takes the bins, real and imaginary parts in turn: `[bins, 2]`. */
  transform(samples: Float64Array, spectrum: Float64Array): void {
    const { values, length } = this;
    if (length % 2 === 1) {
      for (let i = 0; i < length; i++) {
        values[2 * i] = samples[i] as number;
        values[2 * i + 1] = 0;
      }
      this.fft.transform(values);
      spectrum.set(values.subarray(0, 2 * this.bins));
      return;
    }
    values.set(samples);
    this.fft.transform(values);
    this.untangle(spectrum);
  }

  /** Takes the spectra of the even and of the odd samples apart, and joins them to that of all. */
  private untangle(spectrum: Float64Array): void {
    const { values, cos, sin } = this;
    for (let bin = 0; bin < this.bins; bin++) {
      const low = (2 * bin) % this.length;
      const high = (this.length - 2 * bin) % this.length;
      const reEven = ((values[low] as number) + (values[high] as number)) / 2;
      const imEven = ((values[low + 1] as number) - (values[high + 1] as number)) / 2;
      const reOdd = ((values[low + 1] as number) + (values[high + 1] as number)) / 2;
      const imOdd = ((values[high] as number) - (values[low] as number)) / 2;
      spectrum[2 * bin] = reEven + reOdd * (cos[bin] as number) + imOdd * (sin[bin] as number);
      spectrum[2 * bin + 1] = imEven + imOdd * (cos[bin] as number) - reOdd * (sin[bin] as number);
    }
  }
}
