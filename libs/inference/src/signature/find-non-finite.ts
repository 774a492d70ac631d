import type { AnyTensor } from '@ganglion/tensor';

/** The index of the first element that is NaN or infinite, or -1 when there is none. */
export function findNonFinite({ dtype, data }: AnyTensor): number {
  if (dtype === 'float16') return (data as Uint16Array).findIndex((bits) => (bits & 0x7c00) === 0x7c00);
  if (dtype !== 'float32' && dtype !== 'float64') return -1;
  const numbers = data as Float32Array | Float64Array;
  // Four times as fast as a test of each: nought times a number is nought, but for NaN and the infinities.
  let sum = 0;
  for (let index = 0; index < numbers.length; index += 1) sum += (numbers[index] as number) * 0;
  return sum === 0 ? -1 : numbers.findIndex((number) => !Number.isFinite(number));
}
