import { tensor, type Tensor } from '../../tensor.js';
import { melFilterBank, type MelOptions } from './mel-filter-bank.js';
import { Frames, type StftOptions } from './stft.js';

export type MelSpectrogramOptions = StftOptions &
  MelOptions & {
    /** Of the magnitude: 2, the default, gives power, 1 gives amplitude. */
    readonly power?: 1 | 2;
    /** Frames left away at the end: Whisper leaves the last. 0 by default. */
    readonly dropLast?: number;
  };

/**
 * The power of a signal by mel band and frame.
 *
 * @returns `[bands, frames]`
 * @throws AudioError, RangeError as {@link stft} and {@link melFilterBank}
 * @source librosa.feature.melspectrogram
 */
export function melSpectrogram(samples: Float32Array, options: MelSpectrogramOptions): Tensor<'float32'> {
  const frames = new Frames(samples, options);
  const bank = sparse(melFilterBank(options));
  const count = Math.max(0, frames.count - (options.dropLast ?? 0));
  const magnitudes = new Float64Array(frames.bins);
  const result = new Float32Array(options.bands * count);
  for (let frame = 0; frame < count; frame++) {
    toMagnitudes(frames.spectrum(frame), magnitudes, options.power ?? 2);
    bank.forEach(({ first, weights }, band) => {
      let sum = 0;
      for (let i = 0; i < weights.length; i++)
        sum += (weights[i] as number) * (magnitudes[first + i] as number);
      result[band * count + frame] = sum;
    });
  }
  return tensor('float32', [options.bands, count], result);
}

function toMagnitudes(spectrum: Float64Array, magnitudes: Float64Array, power: 1 | 2): void {
  for (let bin = 0; bin < magnitudes.length; bin++) {
    const square = (spectrum[2 * bin] as number) ** 2 + (spectrum[2 * bin + 1] as number) ** 2;
    magnitudes[bin] = power === 2 ? square : Math.sqrt(square);
  }
}

/** Each filter without the zeros on its sides. */
function sparse({ shape, data }: Tensor<'float32'>): { first: number; weights: Float32Array }[] {
  const [bands, bins] = shape as [number, number];
  return Array.from({ length: bands }, (_, band) => {
    const row = data.subarray(band * bins, (band + 1) * bins);
    const first = Math.max(
      0,
      row.findIndex((weight) => weight > 0),
    );
    const last = row.findLastIndex((weight) => weight > 0);
    return { first, weights: row.subarray(first, last + 1) };
  });
}
