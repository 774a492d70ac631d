/**
 * Compares our ONNX graph with the publisher's own one in TensorFlow.js on a picture, and writes the probe of the manifest.
 *
 *   node tools/models/nanodet/prove-graph.mjs <folder with nanodet.json and nanodet.bin> <picture>
 *
 * The probe's picture is `skimage/data/chelsea.png` of PyPI scikit-image 0.26.0.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tensor } from '@ganglion/tensor';
import { decodeImage, letterbox, normalisePlanes } from '@ganglion/tensor/image';
import ort from 'onnxruntime-node';
import { REFERENCE, tfjsReference } from './tfjs-reference.mjs';

const MANIFEST = new URL('../../../apps/image-recognition/models/nanodet.json', import.meta.url);
const GRAPH = new URL('nanodet/graph.onnx', MANIFEST);
const OUTPUTS = ['scores_8', 'scores_16', 'scores_32', 'sides_8', 'sides_16', 'sides_32'];
/** Small enough to be kept in the manifest, large enough for every layer. */
const PROBE_SIDE = 32;

const [, , folder = '', picture = ''] = process.argv;
const manifest = JSON.parse(await readFile(MANIFEST, 'utf8'));
const { pixels } = await decodeImage(await readFile(picture));

/** The picture as the model takes it, rounded so that few digits say it all. */
function inputOf(/** @type {number} */ side) {
  const framed = letterbox(pixels, { width: side, height: side }).pixels;
  const { shape, data } = normalisePlanes(framed, manifest.preprocessing);
  return tensor('float32', shape, data.map(rounded));
}

function rounded(/** @type {number} */ value) {
  return Number(value.toFixed(4));
}

const full = inputOf(manifest.preprocessing.width);
const expected = await tfjsReference(folder, full);
const externalData = [{ path: 'nanodet.bin', data: await readFile(join(folder, 'nanodet.bin')) }];
const session = await ort.InferenceSession.create(await readFile(GRAPH), { externalData });
const actual = await session.run({ image: new ort.Tensor('float32', full.data, full.shape) });
OUTPUTS.forEach((name, index) => {
  const values = /** @type {Float32Array} */ (actual[name]?.data);
  const differences = values.map((value, i) => Math.abs(value - (expected[index]?.data[i] ?? Infinity)));
  const largest = differences.reduce((a, b) => Math.max(a, b));
  console.log(`${name}: largest difference from ${REFERENCE}: ${largest.toExponential(1)}`);
});

const small = inputOf(PROBE_SIDE);
const outputs = await tfjsReference(folder, small);
const toJson = (/** @type {{ shape: readonly number[], data: Float32Array }} */ { shape, data }) => ({
  dtype: 'float32',
  shape,
  data: Array.from(data, (value) => Number(value.toPrecision(6))),
});
manifest.probes = [
  {
    name: 'a cat, 32 x 32 pixels',
    inputs: { image: toJson(small) },
    outputs: Object.fromEntries(outputs.map((output, index) => [OUTPUTS[index], toJson(output)])),
    tolerance: { absolute: 1e-4, relative: 1e-4 },
    reference: `${REFERENCE}, on the publisher's own nanodet.json`,
  },
];
await writeFile(MANIFEST, JSON.stringify(manifest));
