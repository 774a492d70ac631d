import { tensor, type Tensor } from '../../tensor.js';

export interface MelOptions {
  readonly sampleRateHz: number;
  readonly fftSize: number;
  readonly bands: number;
  /** 0 by default. */
  readonly minHz?: number;
  /** Half of the rate by default. */
  readonly maxHz?: number;
  /**
   * `slaney`: linear below 1000 Hz, each filter of area 1 (librosa's default, Whisper's). `htk`: logarithmic, each
   * filter with its peak at 1 (as with librosa's `htk=True, norm=None`; torchaudio's default).
   */
  readonly scale: 'slaney' | 'htk';
}

/**
 * Triangular filters, evenly apart in mel.
 *
 * @returns `[bands, fftSize / 2 + 1]`
 * @throws RangeError when there is no band, or no room for them between `minHz` and `maxHz`.
 * @source librosa.filters.mel
 */
export function melFilterBank(options: MelOptions): Tensor<'float32'> {
  const { sampleRateHz, fftSize, bands, minHz = 0, maxHz = sampleRateHz / 2, scale } = options;
  if (
    !Number.isSafeInteger(bands) ||
    bands < 1 ||
    !(minHz >= 0 && minHz < maxHz && maxHz <= sampleRateHz / 2)
  ) {
    throw new RangeError(
      `${bands} bands don't fit between ${minHz} and ${maxHz} Hz at ${sampleRateHz} samples a second.`,
    );
  }
  const { toMel, toHz } = SCALES[scale];
  const [low, high] = [toMel(minHz), toMel(maxHz)];
  const edges = Array.from({ length: bands + 2 }, (_, index) =>
    toHz(low + ((high - low) * index) / (bands + 1)),
  );
  const bins = Math.floor(fftSize / 2) + 1;
  const filters = new Float32Array(bands * bins);
  for (let band = 0; band < bands; band++) {
    const [start, peak, end] = edges.slice(band, band + 3) as [number, number, number];
    const height = scale === 'slaney' ? 2 / (end - start) : 1;
    for (let bin = 0; bin < bins; bin++) {
      const hz = (bin * sampleRateHz) / fftSize;
      const weight = Math.min((hz - start) / (peak - start), (end - hz) / (end - peak));
      filters[band * bins + bin] = Math.max(0, weight) * height;
    }
  }
  return tensor('float32', [bands, bins], filters);
}

/** Slaney's scale: 200/3 Hz a mel up to 1000 Hz, from there on 27 mels for a factor of 6.4. */
const KNEE_HZ = 1_000;
const HZ_PER_MEL = 200 / 3;
const KNEE_MEL = KNEE_HZ / HZ_PER_MEL;
const LOG_STEP = Math.log(6.4) / 27;

const SCALES = {
  slaney: {
    toMel: (hz: number) => (hz < KNEE_HZ ? hz / HZ_PER_MEL : KNEE_MEL + Math.log(hz / KNEE_HZ) / LOG_STEP),
    toHz: (mel: number) =>
      mel < KNEE_MEL ? mel * HZ_PER_MEL : KNEE_HZ * Math.exp(LOG_STEP * (mel - KNEE_MEL)),
  },
  htk: {
    toMel: (hz: number) => 2_595 * Math.log10(1 + hz / 700),
    toHz: (mel: number) => 700 * (10 ** (mel / 2_595) - 1),
  },
};
