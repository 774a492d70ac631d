export type WindowKind = 'hann' | 'hamming' | 'rectangular';

/** Cosine windows: `a - (1 - a) cos`. */
const COSINE: Record<WindowKind, number> = { hann: 0.5, hamming: 0.54, rectangular: 1 };

/**
 * A periodic window in the middle of a frame, zeros on either side.
 *
 * @returns `[frameLength]`
 * @throws RangeError when the window is no whole number of samples, or longer than the frame.
 * @source scipy.signal.get_window and librosa.util.pad_center
 */
export function windowOf(kind: WindowKind, length: number, frameLength: number): Float64Array {
  if (!Number.isSafeInteger(length) || length < 1 || length > frameLength) {
    throw new RangeError(`A window in a frame of ${frameLength} samples can't have ${length}.`);
  }
  const a = COSINE[kind];
  const frame = new Float64Array(frameLength);
  const start = Math.floor((frameLength - length) / 2);
  for (let i = 0; i < length; i++) frame[start + i] = a - (1 - a) * Math.cos((2 * Math.PI * i) / length);
  return frame;
}
