import { tensor, type Tensor } from '../tensor.js';

export interface Normalisation {
  /** Order of the channels that the network was trained with. */
  readonly channels: 'rgb' | 'bgr';
  /** Taken off each channel, in the network's order, on the scale 0..255. */
  readonly mean: readonly [number, number, number];
  /** Each channel is divided by it, in the network's order, on the scale 0..255. */
  readonly std: readonly [number, number, number];
}

/**
 * Makes a network's input of a picture: `(pixel - mean) / std`, one plane a channel (NCHW).
 *
 * @param image `[height, width, 3]`, RGB
 * @returns `[1, 3, height, width]`
 */
export function normalisePlanes(image: Tensor<'uint8'>, normalisation: Normalisation): Tensor<'float32'> {
  const [height, width] = image.shape as [number, number, number];
  const area = height * width;
  const planes = new Float32Array(3 * area);
  channelValues(normalisation).forEach(({ channel, values }, plane) => {
    const target = planes.subarray(plane * area, (plane + 1) * area);
    for (let i = 0; i < area; i++) target[i] = values[image.data[i * 3 + channel] as number] as number;
  });
  return tensor('float32', [1, 3, height, width], planes);
}

/**
 * Makes a network's input of a picture: `(pixel - mean) / std`, the channels of a pixel together (NHWC).
 *
 * @param image `[height, width, 3]`, RGB
 * @returns `[1, height, width, 3]`
 */
export function normalisePixels(image: Tensor<'uint8'>, normalisation: Normalisation): Tensor<'float32'> {
  const [height, width] = image.shape as [number, number, number];
  const pixels = new Float32Array(height * width * 3);
  channelValues(normalisation).forEach(({ channel, values }, place) => {
    for (let i = 0; i < pixels.length; i += 3) {
      pixels[i + place] = values[image.data[i + channel] as number] as number;
    }
  });
  return tensor('float32', [1, height, width, 3], pixels);
}

/** For each channel of the network: that of the picture, and what its 256 values become, worked out once. */
function channelValues({ channels, mean, std }: Normalisation): { channel: number; values: Float32Array }[] {
  return [0, 1, 2].map((index) => ({
    channel: channels === 'rgb' ? index : 2 - index,
    values: Float32Array.from(
      { length: 256 },
      (_, pixel) => (pixel - (mean[index] as number)) / (std[index] as number),
    ),
  }));
}
