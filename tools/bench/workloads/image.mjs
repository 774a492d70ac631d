import { join } from 'node:path';
import ort from 'onnxruntime-node';
import sharp from 'sharp';
import { cacheFolder } from '../../servers/cache-folder.mjs';
import { pullSampleFiles, readSampleFile } from '../../start/sample-files.mjs';
import { expectAlike } from './workload.mjs';
import { importBuilt, layModelFiles } from './model-files.mjs';

/** As `apps/image-recognition/samples/detect.json` sends it. */
const PHOTO = {
  source: 'pypi:scikit-image==0.26.0#skimage/data/chelsea.png',
  sha256: '596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb',
  bytes: 240_512,
  type: 'image/png',
};
const WIDTH = 640;
/** The contract's defaults. */
const SELECTION = { minScore: 0.4, maxObjects: 100 };
/** Two decoders of JPEG round a pixel differently. */
const TOLERANCE = { score: 0.01, pixels: 2 };

/**
 * A photo as a JPEG of 640 pixels, and its mirror image, to the objects that they show: decoding, resizing, NanoDet,
 * non-maximum suppression.
 *
 * @param {string} folder
 * @returns {Promise<import('./workload.mjs').Workload>}
 */
export async function makeImage(folder) {
  const manifest = await layModelFiles('image-recognition', 'nanodet', folder);
  await pullSampleFiles([PHOTO], { cacheFolder: cacheFolder(), say: console.log });
  const png = await readSampleFile(PHOTO, cacheFolder());
  const photo = sharp(png).resize(WIDTH);
  const inputs = await Promise.all(
    [photo.clone(), photo.clone().flop()].map((image) => image.jpeg({ quality: 90 }).toBuffer()),
  );
  const { answers, feeds } = await detect(folder, inputs, manifest);
  return {
    name: 'image',
    folder,
    inputs,
    expected: answers,
    feeds,
    minSeconds: 6,
    verify: (answer, index) =>
      expectAlike(answer, answers[index], (name) => (name === 'score' ? TOLERANCE.score : TOLERANCE.pixels)),
  };
}

/** @param {string} folder @param {readonly Buffer[]} inputs @param {{ labels: string[], preprocessing: any }} manifest */
async function detect(folder, inputs, { labels, preprocessing }) {
  const [{ preprocess }, { postprocess }, session] = await Promise.all([
    importBuilt('image-recognition', 'detect/preprocess.js'),
    importBuilt('image-recognition', 'detect/postprocess.js'),
    ort.InferenceSession.create(join(folder, 'graph.onnx')),
  ]);
  const answers = [];
  const feeds = [];
  for (const jpeg of inputs) {
    const prepared = await preprocess(jpeg, preprocessing);
    const { data, shape } = prepared.input;
    feeds.push({ image: { type: /** @type {const} */ ('float32'), data, dims: shape } });
    const outputs = await session.run({ image: new ort.Tensor('float32', data, shape) });
    const grids = Object.entries(outputs).map(([name, value]) => [
      name,
      { dtype: 'float32', shape: value.dims, data: value.data },
    ]);
    const objects = postprocess(Object.fromEntries(grids), prepared, { ...SELECTION, labels });
    answers.push({ objects, image: { width: prepared.image.width, height: prepared.image.height } });
  }
  await session.release();
  return { answers, feeds };
}
