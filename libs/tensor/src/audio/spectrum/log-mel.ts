import { tensor, type Tensor } from '../../tensor.js';

export interface DecibelOptions {
  /** The power that is 0 dB; 1 by default, `max` for the largest there is. */
  readonly reference?: number | 'max';
  /** Smaller powers count as this; 1e-10 by default. */
  readonly floor?: number;
  /** Values further below the largest are raised to it, in dB; 80 by default, Infinity for none. */
  readonly topDb?: number;
}

/**
 * Power in decibels: `10 log10(power / reference)`.
 *
 * @returns Of the same shape.
 * @source librosa.power_to_db
 */
export function powerToDecibels(
  { shape, data }: Tensor<'float32'>,
  { reference = 1, floor = 1e-10, topDb = 80 }: DecibelOptions = {},
): Tensor<'float32'> {
  const zero = 10 * Math.log10(Math.max(floor, reference === 'max' ? largest(data) : reference));
  const decibels = data.map((power) => 10 * Math.log10(Math.max(floor, power)) - zero);
  const least = largest(decibels) - topDb;
  return tensor(
    'float32',
    shape,
    decibels.map((value) => Math.max(least, value)),
  );
}

/**
 * Power as Whisper reads it: `log10`, at most 8 below the largest, then `(x + 4) / 4`.
 *
 * @returns Of the same shape.
 * @source openai/whisper, whisper/audio.py, log_mel_spectrogram
 */
export function powerToWhisper({ shape, data }: Tensor<'float32'>): Tensor<'float32'> {
  const logarithms = data.map((power) => Math.log10(Math.max(1e-10, power)));
  const least = largest(logarithms) - 8;
  return tensor(
    'float32',
    shape,
    logarithms.map((value) => (Math.max(least, value) + 4) / 4),
  );
}

/** -Infinity of nothing. */
function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity);
}
