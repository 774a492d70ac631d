/**
 * Writes the probe of the manifest that proves the app's preprocessing with the graph: a picture, and what the publisher's
 * own graph in TensorFlow.js makes of it as Pillow and numpy prepared it.
 *
 *   python tools/golden/nanodet.py <prepared>
 *   node tools/models/nanodet/prove-picture.mjs <folder with nanodet.json and nanodet.bin> <prepared>
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tensor } from '@ganglion/tensor';
import { REFERENCE, tfjsReference } from './tfjs-reference.mjs';

const MANIFEST = new URL('../../../apps/image-recognition/models/nanodet.json', import.meta.url);
/** Those of the coarsest grid, which every layer has a part in, in their place among all outputs. */
const OUTPUTS = /** @type {const} */ ([
  ['scores_32', 2],
  ['sides_32', 5],
]);
/** So many elements of each tell whether the others are right as well. */
const ELEMENTS = 60;

const [, , publisher = '', prepared = ''] = process.argv;
const manifest = JSON.parse(await readFile(MANIFEST, 'utf8'));
const { width, height } = manifest.preprocessing;
const bytes = await readFile(join(prepared, 'planes.f32'));
const planes = new Float32Array(Uint8Array.from(bytes).buffer);
const outputs = await tfjsReference(publisher, tensor('float32', [1, 3, height, width], planes));

/** The largest elements, and some of all parts. */
function sampled(/** @type {{ shape: readonly number[], data: Float32Array }} */ { shape, data }) {
  const largest = Array.from(data.keys())
    .sort((a, b) => Number(data[b]) - Number(data[a]))
    .slice(0, ELEMENTS / 2);
  const step = Math.floor(data.length / (ELEMENTS / 2));
  const spread = Array.from({ length: ELEMENTS / 2 }, (_, index) => index * step);
  const at = [...new Set([...largest, ...spread])].sort((a, b) => a - b);
  return { dtype: 'float32', shape, at, data: at.map((index) => Number(data[index]?.toPrecision(6))) };
}

const name = 'a traffic light, through our decoder and letterbox';
const probe = {
  name,
  raw: { base64: await readFile(join(prepared, 'picture.png'), 'base64') },
  outputs: Object.fromEntries(
    OUTPUTS.map(([output, index]) => {
      const value = outputs[index];
      if (value === undefined) throw new Error(`The graph has no output ${output}.`);
      return [output, sampled(value)];
    }),
  ),
  tolerance: { absolute: 1e-3, relative: 1e-3 },
  reference: `${await readFile(join(prepared, 'reference.txt'), 'utf8')}; ${REFERENCE}, on the publisher's own nanodet.json`,
};
const others = manifest.probes.filter((/** @type {{ name: string }} */ other) => other.name !== name);
manifest.probes = [...others, probe];
await writeFile(MANIFEST, JSON.stringify(manifest));
