/**
 * Measures the detector that the service serves, by the service's own pre- and postprocessing, on COCO photos, and
 * writes the figures into its model card.
 *
 *   GANGLION_DATA=<folder> node tools/training/detect/evaluate.mjs
 *
 * Reads `images/coco/*.jpg` with `*.boxes.txt`: a line an object, its label and its box's centre, width and height as
 * fractions of the photo. The projects must be built (`npm run build`) and the model pulled (`npm start`).
 */
import { readFile, writeFile } from 'node:fs/promises';
import { balanceAt, meanAveragePrecision } from './average-precision.mjs';
import { detect, findPhotos, loadDetector, MANIFEST, preprocess, readTruths } from './detector.mjs';

/** The service's default of `minScore`. */
const DEFAULT_SCORE = 0.4;

async function evaluatePhoto(/** @type {string} */ photo) {
  const prepared = await preprocess(await readFile(photo), served.manifest.preprocessing);
  return { truths: await readTruths(photo, prepared.image), ...(await detect(served, prepared, photo)) };
}

const photos = await findPhotos();
const served = await loadDetector();
const results = [];
for (const photo of photos) results.push(await evaluatePhoto(photo));
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
