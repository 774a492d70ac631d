import { tensor } from '../tensor.js';
import type { Pixels } from './decode-image.js';

/** The picture that tools/golden/image.py paints. */
export function paint(width: number, height: number): Pixels {
  const data = Array.from({ length: width * height }, (_, index) => {
    const x = index % width;
    const y = Math.floor(index / width);
    const isLight = (Math.floor(x / 4) + Math.floor(y / 4)) % 2 === 0;
    return [(x * 7 + y * 3) % 256, (x * x + y * 5) % 256, isLight ? 230 : 20];
  });
  return tensor('uint8', [height, width, 3], Uint8Array.from(data.flat()));
}
