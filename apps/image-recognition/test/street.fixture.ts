import sharp, { type Sharp } from 'sharp';

type Colour = readonly [number, number, number];

/** Size of {@link streetWithStopSign}, in pixels. */
export const STREET = { width: 360, height: 300, sign: { x: 96, y: 37, width: 168, height: 168 } } as const;
const CENTRE = { x: 180, y: 121 };

/** Distance from the middle of the sign, as octagons around it have it. */
function octagonRadius(x: number, y: number): number {
  const dx = Math.abs(x - CENTRE.x);
  const dy = Math.abs(y - CENTRE.y);
  return Math.max(dx, dy, (dx + dy) * Math.SQRT1_2);
}

function colourAt(x: number, y: number): Colour {
  const radius = octagonRadius(x, y);
  const isLetter = Math.abs(y - CENTRE.y) < 20 && Math.abs(x - CENTRE.x) < 58 && (x - CENTRE.x + 60) % 30 > 8;
  if (radius < 77) return isLetter ? [250, 250, 250] : [190, 20, 30];
  if (radius < 84) return [255, 255, 255];
  if (Math.abs(x - CENTRE.x) < 6 && y > CENTRE.y) return [120, 120, 120];
  return y > 220 ? [90, 130, 70] : [135, 180, 220];
}

const { width, height } = STREET;
const PIXELS = new Uint8Array(width * height * 3);
for (let i = 0; i < width * height; i++) PIXELS.set(colourAt(i % width, Math.floor(i / width)), i * 3);

/** A stop sign on its pole, before sky and grass: a painted picture that the model knows well. */
export function streetWithStopSign(): Sharp {
  return sharp(PIXELS, { raw: { width, height, channels: 3 } });
}
