/**
 * Measures how far the two modes of `decodeResized` are apart on COCO photos: in levels of 0..255, and in a detector's
 * mean average precision. The photos are small, so the detector also gets each enlarged to 4 times its sides first (by
 * Lanczos, as a JPEG of quality 95), which makes the decoder shrink.
 *
 *   GANGLION_DATA=<folder> node tools/training/detect/compare-resampling.mjs
 *
 * The projects must be built (`npm run build`) and the model pulled (`npm start`).
 */
import { readFile } from 'node:fs/promises';
import { containSize, decodeResized, letterbox, normalisePlanes } from '@ganglion/tensor/image';
import sharp from 'sharp';
import { meanAveragePrecision } from './average-precision.mjs';
import { detect, findPhotos, loadDetector, readTruths } from './detector.mjs';

const ENLARGED = 4;

/** @typedef {import('./detector.mjs').Truth} Truth */
/** @typedef {import('./detector.mjs').Found} Found */

async function enlarge(/** @type {Buffer} */ bytes) {
  const { width } = await sharp(bytes).metadata();
  return sharp(bytes)
    .resize({ width: width * ENLARGED, kernel: 'lanczos3' })
    .jpeg({ quality: 95 })
    .toBuffer();
}

/** @param {'exact' | 'fast'} mode */
async function measure(mode, /** @type {boolean} */ isEnlarged) {
  /** @type {Truth[]} */
  const truths = [];
  /** @type {Found[]} */
  const found = [];
  const frame = /** @type {any} */ (served.manifest.preprocessing);
  for (const photo of photos) {
    const bytes = await readFile(photo);
    const image = await decodeResized(
      isEnlarged ? await enlarge(bytes) : bytes,
      (whole) => containSize(whole, frame),
      { mode, filter: 'bilinear' },
    );
    const { pixels, content } = letterbox(image.pixels, frame);
    const prepared = { input: normalisePlanes(pixels, frame), content, image };
    truths.push(...(await readTruths(photo, image)));
    found.push(...(await detect(served, prepared, photo)).found);
  }
  return meanAveragePrecision(truths, found);
}

async function measureDifference(/** @type {number} */ side) {
  const counts = new Float64Array(256);
  for (const photo of photos) {
    const bytes = await readFile(photo);
    const [fast, exact] = await Promise.all(
      /** @type {const} */ (['fast', 'exact']).map(async (mode) => {
        const square = () => ({ width: side, height: side });
        return (await decodeResized(bytes, square, { mode, filter: 'bilinear' })).pixels.data;
      }),
    );
    for (let i = 0; i < side * side * 3; i++) {
      const difference = Math.abs(Number(fast?.[i]) - Number(exact?.[i]));
      counts[difference] = (counts[difference] ?? 0) + 1;
    }
  }
  return describe(counts);
}

/** @param {Float64Array} counts values by their difference */
function describe(counts) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mean = counts.reduce((sum, count, difference) => sum + difference * count, 0) / total;
  let within = 0;
  const percentile = counts.findIndex((count) => (within += count) >= 0.99 * total);
  return `mean ${mean.toFixed(2)}, 99 % within ${percentile}`;
}

const photos = await findPhotos();
for (const side of [224, 96, 48]) console.log(`to ${side} x ${side}: ${await measureDifference(side)}`);
const served = await loadDetector();
for (const isEnlarged of [false, true]) {
  for (const mode of /** @type {const} */ (['exact', 'fast'])) {
    const { map, map50 } = await measure(mode, isEnlarged);
    const size = isEnlarged ? 'enlarged' : 'as they are';
    console.log(
      `${photos.length} photos ${size}, ${mode}: mAP ${map.toFixed(4)}, mAP 50 ${map50.toFixed(4)}`,
    );
  }
}
await served.runner.close();
