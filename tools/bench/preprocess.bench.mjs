/** The way from a 12-megapixel JPEG to a network's 224 x 224 input, against what sharp takes for the resize alone. */
import { decodeResized, normalisePlanes } from '@ganglion/tensor/image';
import sharp from 'sharp';
import { Random } from '../training/random.mjs';
import { figure } from './figures.mjs';

export const summary = 'a 12-megapixel JPEG to a 224 x 224 tensor, against sharp';

const WHOLE = { width: 4_000, height: 3_000 };
const INPUT = { width: 224, height: 224 };
const IMAGENET = /** @type {const} */ ({
  channels: 'rgb',
  mean: [123.675, 116.28, 103.53],
  std: [58.395, 57.12, 57.375],
});
const GOAL = 1.3;
/** Of so many calls in a round the fastest counts: other work on the machine only makes them slower. */
const CALLS = 3;

/** @typedef {{ name: string, ours: () => Promise<unknown>, rival: () => Promise<unknown>, goal?: number }} Contest */

/** @type {import('./bench.mjs').Bench['measure']} */
export async function measure({ rounds }) {
  const jpeg = await paintPhoto();
  const figures = [];
  for (const contest of contests(jpeg)) figures.push(await compete(contest, rounds));
  return figures;
}

/** @returns {Contest[]} */
function contests(/** @type {Buffer} */ jpeg) {
  const ours = (/** @type {import('@ganglion/tensor/image').Resampling} */ resampling) => async () => {
    const { pixels } = await decodeResized(jpeg, () => INPUT, resampling);
    return normalisePlanes(pixels, IMAGENET);
  };
  const resized = { ...INPUT, fit: /** @type {const} */ ('fill'), kernel: /** @type {const} */ ('linear') };
  const shrinking = () => sharp(jpeg).resize(resized).raw().toBuffer();
  // A crop before the resize, even of nothing, keeps sharp from shrinking while it decodes.
  const streaming = () =>
    sharp(jpeg)
      .extract({ left: 0, top: 0, ...WHOLE })
      .resize(resized)
      .raw()
      .toBuffer();
  const inSteps = async () => {
    const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
    return sharp(data, { raw: info }).resize(resized).raw().toBuffer();
  };
  const exact = ours({ mode: 'exact', filter: 'bilinear' });
  return [
    {
      name: 'fast / sharp that shrinks while it decodes',
      ours: ours({ mode: 'fast', filter: 'bilinear' }),
      rival: shrinking,
      goal: GOAL,
    },
    { name: 'exact / sharp that decodes to raw, then resizes', ours: exact, rival: inSteps, goal: GOAL },
    { name: 'exact / sharp that never holds the whole picture', ours: exact, rival: streaming },
    { name: 'exact bicubic / the same', ours: ours({ mode: 'exact', filter: 'bicubic' }), rival: streaming },
  ];
}

/** Ours over the rival's time, in rounds that alternate. */
async function compete(/** @type {Contest} */ { name, ours, rival, goal }, /** @type {number} */ count) {
  await ours();
  await rival();
  const ratios = [];
  for (let round = 0; round < count; round++) {
    let [oursMs, rivalMs] = [Infinity, Infinity];
    for (let call = 0; call < CALLS; call++) {
      oursMs = Math.min(oursMs, await durationMs(ours));
      rivalMs = Math.min(rivalMs, await durationMs(rival));
    }
    ratios.push(oursMs / rivalMs);
  }
  return figure(name, ratios, goal === undefined ? {} : { goal: { atMost: goal } });
}

async function durationMs(/** @type {() => Promise<unknown>} */ work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Gradients, tiles and the noise of a sensor, always the same. */
async function paintPhoto() {
  const random = new Random(12);
  const { width, height } = WHOLE;
  const pixels = new Uint8ClampedArray(width * height * 3);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const noise = random.uniform(12);
      pixels[i++] = (x / width) * 255 + noise;
      pixels[i++] = (y / height) * 200 + noise;
      pixels[i++] = ((x >> 6) + (y >> 6)) % 2 === 0 ? 200 + noise : 40 + noise;
    }
  }
  return sharp(pixels, { raw: { ...WHOLE, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}
