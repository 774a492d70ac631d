import { RealFft } from '../../numeric/real-fft.js';
import { tensor, type Tensor } from '../../tensor.js';
import { AudioError } from '../audio-error.js';
import { windowOf, type WindowKind } from './window.js';

/** How a signal is cut into frames and what is done to each, all in samples. */
export interface StftOptions {
  readonly fftSize: number;
  readonly hopLength: number;
  /** The window lies in the middle of `fftSize` samples; as long by default. */
  readonly windowLength?: number;
  /** `hann` by default. */
  readonly window?: WindowKind;
  /**
   * What lies before and behind the signal, so that frame `t` has its middle at sample `t * hopLength`: zeros (librosa's
   * default) or the signal's mirror image (torch.stft's); with `none`, frame `t` begins there.
   */
  readonly padding: 'zero' | 'reflect' | 'none';
}

/**
 * The short-time Fourier transform.
 *
 * @returns `[fftSize / 2 + 1, frames, 2]`: real and imaginary parts.
 * @throws AudioError empty_audio when the signal is too short for a frame or for its mirror image; RangeError when a
 *   size is no whole number from 1 on, or the window longer than the transform.
 * @source librosa.stft
 */
export function stft(samples: Float32Array, options: StftOptions): Tensor<'float32'> {
  const frames = new Frames(samples, options);
  const { bins, count } = frames;
  const result = new Float32Array(bins * count * 2);
  for (let frame = 0; frame < count; frame++) {
    const spectrum = frames.spectrum(frame);
    for (let bin = 0; bin < bins; bin++) {
      result[2 * (bin * count + frame)] = spectrum[2 * bin] as number;
      result[2 * (bin * count + frame) + 1] = spectrum[2 * bin + 1] as number;
    }
  }
  return tensor('float32', [bins, count, 2], result);
}

/** The windowed frames of a signal, and the spectrum of each. */
export class Frames {
  readonly bins: number;
  readonly count: number;
  private readonly fft: RealFft;
  private readonly window: Float64Array;
  private readonly frame: Float64Array;
  private readonly bin: Float64Array;
  /** Samples before the signal that the first frame takes in. */
  private readonly lead: number;

  constructor(
    private readonly samples: Float32Array,
    private readonly options: StftOptions,
  ) {
    const { fftSize, hopLength, padding } = options;
    this.fft = new RealFft(fftSize);
    this.bins = this.fft.bins;
    if (!Number.isSafeInteger(hopLength) || hopLength < 1) {
      throw new RangeError(`A hop is a whole number of samples from 1 on, not ${hopLength}.`);
    }
    this.window = windowOf(options.window ?? 'hann', options.windowLength ?? fftSize, fftSize);
    this.frame = new Float64Array(fftSize);
    this.bin = new Float64Array(2 * this.bins);
    this.lead = padding === 'none' ? 0 : Math.floor(fftSize / 2);
    const shortest = { zero: 1, reflect: this.lead + 1, none: fftSize }[padding];
    if (samples.length < shortest) {
      throw new AudioError(
        'empty_audio',
        `The audio has ${samples.length} samples: a spectrum of ${fftSize} takes ${shortest} at least.`,
      );
    }
    this.count = 1 + Math.floor((samples.length + 2 * this.lead - fftSize) / hopLength);
  }

  /** The bins of one frame, real and imaginary parts in turn; the next call writes over them. */
  spectrum(index: number): Float64Array {
    const { samples, frame, window, lead } = this;
    const first = index * this.options.hopLength - lead;
    if (first >= 0 && first + frame.length <= samples.length) {
      for (let i = 0; i < frame.length; i++)
        frame[i] = (samples[first + i] as number) * (window[i] as number);
    } else {
      for (let i = 0; i < frame.length; i++) frame[i] = this.sampleAt(first + i) * (window[i] as number);
    }
    this.fft.transform(frame, this.bin);
    return this.bin;
  }

  private sampleAt(index: number): number {
    const last = this.samples.length - 1;
    if (this.options.padding === 'zero') return this.samples[index] ?? 0;
    return this.samples[index < 0 ? -index : index > last ? 2 * last - index : index] as number;
  }
}
