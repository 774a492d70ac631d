import { tensor, type Tensor } from '../tensor.js';

export interface Normalisation {
  /** Order of the planes that the network was trained with. */
  readonly channels: 'rgb' | 'bgr';
  /** Taken off each plane, in the planes' order, on the scale 0..255. */
  readonly mean: readonly [number, number, number];
  /** Each plane is divided by it, in the planes' order, on the scale 0..255. */
  readonly std: readonly [number, number, number];
}

/**
 * Makes a network's input of a picture: `(pixel - mean) / std`, one plane a channel.
 *
 * @param image `[height, width, 3]`, RGB
 * @returns `[1, 3, height, width]`
 */
export function normalisePlanes(
  image: Tensor<'uint8'>,
  { channels, mean, std }: Normalisation,
): Tensor<'float32'> {
  const [height, width] = image.shape as [number, number, number];
  const area = height * width;
  const planes = new Float32Array(3 * area);
  for (let plane = 0; plane < 3; plane++) {
    // A plane has 256 values at most: each is worked out once.
    const values = Float32Array.from(
      { length: 256 },
      (_, pixel) => (pixel - (mean[plane] as number)) / (std[plane] as number),
    );
    const channel = channels === 'rgb' ? plane : 2 - plane;
    for (let i = 0; i < area; i++) {
      planes[plane * area + i] = values[image.data[i * 3 + channel] as number] as number;
    }
  }
  return tensor('float32', [1, 3, height, width], planes);
}
