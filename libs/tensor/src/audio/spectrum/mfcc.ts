import { tensor, type Tensor } from '../../tensor.js';

/**
 * Mel-frequency cepstral coefficients: the first of the orthonormal DCT-II over the bands of each frame.
 *
 * @param logMel `[bands, frames]`, in decibels
 * @returns `[coefficients, frames]`
 * @throws RangeError when more coefficients are asked for than there are bands.
 * @source librosa.feature.mfcc
 */
export function mfcc({ shape, data }: Tensor<'float32'>, coefficients: number): Tensor<'float32'> {
  const [bands, frames] = shape as [number, number];
  if (!Number.isSafeInteger(coefficients) || coefficients < 1 || coefficients > bands) {
    throw new RangeError(`Of ${bands} bands 1 to ${bands} coefficients can be made, not ${coefficients}.`);
  }
  const result = new Float32Array(coefficients * frames);
  const sums = new Float64Array(frames);
  for (let k = 0; k < coefficients; k++) {
    const scale = Math.sqrt((k === 0 ? 1 : 2) / bands);
    sums.fill(0);
    for (let band = 0; band < bands; band++) {
      const weight = scale * Math.cos((Math.PI * k * (2 * band + 1)) / (2 * bands));
      for (let t = 0; t < frames; t++)
        sums[t] = (sums[t] as number) + weight * (data[band * frames + t] as number);
    }
    result.set(sums, k * frames);
  }
  return tensor('float32', [coefficients, frames], result);
}
