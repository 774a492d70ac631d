import { SIDE } from './read-films.mjs';

/** @typedef {import('../random.mjs').Random} Random */

/**
 * How far films are changed, each by chance up to: degrees, pixels, and logarithms of scale, stretch and gamma; a share of
 * a pixel's standard deviation as noise.
 */
export const AUGMENTATION = { degrees: 12, shift: 3, scale: 0.15, stretch: 0.1, gamma: 0.4, noise: 0.1 };

const CENTRE = (SIDE - 1) / 2;

/**
 * A film as it might have been taken: turned, moved, larger or smaller, at another exposure, with the noise of a smaller
 * dose. What lies outside of the film is its edge, repeated.
 *
 * @param {Uint8Array} pixels `[28, 28]`
 * @param {Float32Array} target `[28, 28]`, 0 to 1
 * @param {Random} random
 */
export function augmentFilm(pixels, target, random) {
  const angle = random.uniform((AUGMENTATION.degrees * Math.PI) / 180);
  const scale = Math.exp(random.uniform(AUGMENTATION.scale));
  const stretch = Math.exp(random.uniform(AUGMENTATION.stretch));
  const gamma = Math.exp(random.uniform(AUGMENTATION.gamma));
  const [moveX, moveY] = [random.uniform(AUGMENTATION.shift), random.uniform(AUGMENTATION.shift)];
  const noise = random.next() * AUGMENTATION.noise;
  const [cos, sin] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      const [dx, dy] = [(x - CENTRE) * stretch, y - CENTRE];
      const grey = interpolate(
        pixels,
        CENTRE + cos * dx - sin * dy + moveX,
        CENTRE + sin * dx + cos * dy + moveY,
      );
      target[y * SIDE + x] = (grey / 255) ** gamma + random.uniform(noise / 3);
    }
  }
}

/** @param {Uint8Array} pixels @param {number} x @param {number} y */
function interpolate(pixels, x, y) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, down] = [x - left, y - top];
  const at = (/** @type {number} */ row, /** @type {number} */ column) =>
    pixels[clamp(row) * SIDE + clamp(column)] ?? 0;
  const above = at(top, left) * (1 - right) + at(top, left + 1) * right;
  const below = at(top + 1, left) * (1 - right) + at(top + 1, left + 1) * right;
  return above * (1 - down) + below * down;
}

function clamp(/** @type {number} */ index) {
  return Math.min(Math.max(index, 0), SIDE - 1);
}
