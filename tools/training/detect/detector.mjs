/**
 * The detector that the service serves, by the service's own pre- and postprocessing, and the COCO photos that it is
 * measured on: `images/coco/*.jpg` of GANGLION_DATA with `*.boxes.txt`, a line an object, its label and its box's
 * centre, width and height as fractions of the photo.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_LICENCES, defaultCacheFolder, readManifests, serveModel } from '@ganglion/inference';

/**
 * @typedef {import('./average-precision.mjs').Truth} Truth
 * @typedef {import('./average-precision.mjs').Found} Found
 * @typedef {import('@ganglion/inference').ServedModel} ServedModel
 */

const APP = new URL('../../../apps/image-recognition/', import.meta.url);
export const MANIFEST = new URL('models/nanodet.json', APP);
export const [{ preprocess }, { postprocess }] = await Promise.all(
  ['preprocess', 'postprocess'].map((name) => import(new URL(`dist/detect/${name}.js`, APP).href)),
);
/** As pycocotools counts: everything down to a very low score, at most 100 boxes a photo. */
const SELECTION = { minScore: 0.01, maxObjects: 100 };

export async function loadDetector() {
  const [found] = (await readManifests(fileURLToPath(APP))).filter(
    ({ manifest }) => manifest.id === 'nanodet-g',
  );
  if (found === undefined) throw new Error('There is no manifest of nanodet-g.');
  return serveModel(found, {
    settings: { device: { provider: 'cpu', index: 0 }, intraOpThreads: 1 },
    cacheFolder: defaultCacheFolder(),
    licences: DEFAULT_LICENCES,
  });
}

/** @returns the paths of the photos */
export async function findPhotos() {
  const { GANGLION_DATA } = process.env;
  if (!GANGLION_DATA) throw new Error('GANGLION_DATA must name the folder of the data.');
  const folder = join(GANGLION_DATA, 'images/coco');
  return (await readdir(folder)).filter((name) => name.endsWith('.jpg')).map((name) => join(folder, name));
}

/**
 * @param {string} photo its path
 * @param {{ width: number, height: number }} size
 * @returns {Promise<Truth[]>}
 */
export async function readTruths(photo, { width, height }) {
  const lines = (await readFile(photo.replace(/jpg$/, 'boxes.txt'), 'utf8')).split('\n').filter(Boolean);
  return lines.map((line) => {
    const [label = 0, x = 0, y = 0, w = 0, h = 0] = line.split(' ').map(Number);
    /** @type {import('./average-precision.mjs').Box} */
    const box = [(x - w / 2) * width, (y - h / 2) * height, (x + w / 2) * width, (y + h / 2) * height];
    return { photo, label, box };
  });
}

/**
 * @param {ServedModel} served
 * @param {any} prepared what the service's `preprocess` gives
 * @param {string} photo
 * @returns {Promise<{ found: Found[], computeMs: number }>}
 */
export async function detect({ manifest, runner }, prepared, photo) {
  const labels = manifest.labels ?? [];
  const { outputs, timings } = await runner.run({ image: prepared.input });
  const objects = postprocess(outputs, prepared, { ...SELECTION, labels });
  const found = objects.map((/** @type {any} */ { label, score, box }) => ({
    photo,
    label: labels.indexOf(label),
    score,
    box: [box.x, box.y, box.x + box.width, box.y + box.height],
  }));
  return { found, computeMs: timings.computeMs };
}
