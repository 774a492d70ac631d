import type { Probe } from '@ganglion/contracts/model-manifest';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectedOutput, tinyOnnx } from './tiny-models.js';

const dtype = 'float32';
export const tinyProbe = {
  name: 'one row',
  inputs: { x: { dtype, shape: [1, 2], data: [1, 2] } },
  outputs: { y: { dtype, shape: [1, 3], data: expectedOutput([[1, 2]]) } },
  tolerance: { absolute: 1e-6, relative: 0 },
  reference: 'worked out by hand',
} satisfies Probe;

/** The manifest of the tiny ONNX model, as an author would write it, its files beside it in the folder `tiny`. */
export async function tinyManifest(appFolder: string) {
  const { files } = await tinyOnnx(join(appFolder, 'models', 'tiny'));
  return {
    id: 'tiny',
    version: '1.0.0',
    task: 'regression',
    engine: 'onnx',
    entry: 'model.onnx',
    files: files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256, sources: [`file:tiny/${path}`] })),
    inputs: [{ name: 'x', dtype: 'float32', shape: ['batch', 2] }],
    outputs: [{ name: 'y', dtype: 'float32', shape: ['batch', 3] }],
    batching: { axis: 0, maxBatch: 4 },
    licence: 'Apache-2.0',
    placement: 'inline',
    probes: [tinyProbe],
    card: { summary: 'y = x W + b', trainedOn: 'Nothing.', metrics: [], notFitFor: ['anything but tests'] },
  };
}

/** Writes manifests into the folder `models` of an app. */
export async function writeManifests(
  appFolder: string,
  manifests: Readonly<Record<string, unknown>>,
): Promise<void> {
  const folder = join(appFolder, 'models');
  await mkdir(folder, { recursive: true });
  for (const [name, manifest] of Object.entries(manifests)) {
    await writeFile(join(folder, name), typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  }
}
