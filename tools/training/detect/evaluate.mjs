/**
 * Measures the detector that the service serves, by the service's own pre- and postprocessing, on COCO photos, and
 * writes the figures into its model card.
 *
 *   GANGLION_DATA=<folder> node tools/training/detect/evaluate.mjs
 *
 * Reads `images/coco/*.jpg` with `*.boxes.txt`: a line an object, its label and its box's centre, width and height as
 * fractions of the photo. The projects must be built (`npm run build`) and the model pulled (`npm start`).
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_LICENCES, defaultCacheFolder, readManifests, serveModel } from '@ganglion/inference';
import { balanceAt, meanAveragePrecision } from './average-precision.mjs';

/**
 * @typedef {import('./average-precision.mjs').Truth} Truth
 * @typedef {import('./average-precision.mjs').Found} Found
 * @typedef {import('@ganglion/inference').ServedModel} ServedModel
 */

const APP = new URL('../../../apps/image-recognition/', import.meta.url);
const MANIFEST = new URL('models/nanodet.json', APP);
const [{ preprocess }, { postprocess }] = await Promise.all(
  ['preprocess', 'postprocess'].map((name) => import(new URL(`dist/detect/${name}.js`, APP).href)),
);
/** As pycocotools counts: everything down to a very low score, at most 100 boxes a photo. */
const SELECTION = { minScore: 0.01, maxObjects: 100 };
/** The service's default of `minScore`. */
const DEFAULT_SCORE = 0.4;

async function load() {
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

/**
 * @param {ServedModel} served
 * @param {string} file
 * @returns {Promise<{ truths: Truth[], found: Found[], computeMs: number }>}
 */
async function evaluatePhoto({ manifest, runner }, file) {
  const labels = manifest.labels ?? [];
  const prepared = await preprocess(await readFile(file), manifest.preprocessing);
  const { outputs, timings } = await runner.run({ image: prepared.input });
  const { width, height } = prepared.image;
  const lines = (await readFile(file.replace(/jpg$/, 'boxes.txt'), 'utf8')).split('\n').filter(Boolean);
  const truths = lines.map((line) => {
    const [label = 0, x = 0, y = 0, w = 0, h = 0] = line.split(' ').map(Number);
    /** @type {import('./average-precision.mjs').Box} */
    const box = [(x - w / 2) * width, (y - h / 2) * height, (x + w / 2) * width, (y + h / 2) * height];
    return { photo: file, label, box };
  });
  const objects = postprocess(outputs, prepared, { ...SELECTION, labels });
  const found = objects.map((/** @type {any} */ { label, score, box }) => ({
    photo: file,
    label: labels.indexOf(label),
    score,
    box: [box.x, box.y, box.x + box.width, box.y + box.height],
  }));
  return { truths, found, computeMs: timings.computeMs };
}

const { GANGLION_DATA } = process.env;
if (!GANGLION_DATA) throw new Error('GANGLION_DATA must name the folder of the data.');
const folder = join(GANGLION_DATA, 'images/coco');
const photos = (await readdir(folder)).filter((name) => name.endsWith('.jpg'));
const served = await load();
const results = [];
for (const photo of photos) results.push(await evaluatePhoto(served, join(folder, photo)));
await served.runner.close();

const truths = results.flatMap((result) => result.truths);
const found = results.flatMap((result) => result.found);
const { map, map50 } = meanAveragePrecision(truths, found);
const { precision, recall } = balanceAt(truths, found, DEFAULT_SCORE);
const times = results.map(({ computeMs }) => computeMs).sort((a, b) => a - b);
const dataset = `${photos.length} photos of COCO val2017, ${truths.length} objects`;
const metrics = [
  {
    name: 'mAP 50:95',
    value: map,
    note: 'The sample is easier than all of val2017, where its authors got 0.229.',
  },
  { name: 'mAP 50', value: map50 },
  { name: `precision at score ${DEFAULT_SCORE}`, value: precision, note: 'At an overlap (IoU) of 0.5.' },
  { name: `recall at score ${DEFAULT_SCORE}`, value: recall, note: 'The score was chosen on these photos.' },
].map(({ name, value, note }) => ({ name, value: Number(value.toFixed(3)), dataset, ...(note && { note }) }));
console.log(metrics, `median ${times[Math.floor(times.length / 2)]?.toFixed(1)} ms a photo, one thread`);
const manifest = JSON.parse(await readFile(MANIFEST, 'utf8'));
manifest.card.metrics = metrics;
await writeFile(MANIFEST, JSON.stringify(manifest));
