import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifests } from '@ganglion/inference';

/**
 * Makes an app's `models/` of a graph over rows of numbers, so that it can be served.
 *
 * @param {string} app the folder that gets it
 * @param {{
 *   id: string, graph: Uint8Array,
 *   input: { name: string, width: number }, output: { name: string, width: number },
 * }} model
 * @returns {Promise<import('@ganglion/inference').FoundManifest>}
 */
export async function layTabularModel(app, { id, graph, input, output }) {
  const models = join(app, 'models');
  await mkdir(models);
  await writeFile(join(models, 'graph.onnx'), graph);
  const tensor = (/** @type {number} */ width) => ({
    dtype: 'float32',
    shape: [1, width],
    data: Array.from({ length: width }, () => 0),
  });
  const manifest = {
    id,
    version: '1.0.0',
    task: 'tabular-classification',
    slot: 'bench/tabular',
    default: true,
    engine: 'onnx',
    entry: 'graph.onnx',
    files: [
      {
        path: 'graph.onnx',
        bytes: graph.byteLength,
        sha256: createHash('sha256').update(graph).digest('hex'),
        sources: ['file:graph.onnx'],
      },
    ],
    inputs: [{ name: input.name, dtype: 'float32', shape: ['batch', input.width] }],
    outputs: [{ name: output.name, dtype: 'float32', shape: ['batch', output.width] }],
    batching: { axis: 0, maxBatch: 32 },
    licence: 'CC0-1.0',
    // Any output passes: the weights are random, and what is measured is time.
    probes: [
      {
        name: 'zeros',
        inputs: { [input.name]: tensor(input.width) },
        outputs: { [output.name]: tensor(output.width) },
        tolerance: { absolute: 1e9, relative: 0 },
        reference: 'none: random weights',
      },
    ],
    card: { summary: 'Random weights.', trainedOn: 'Nothing.', metrics: [], notFitFor: ['any use'] },
  };
  await writeFile(join(models, `${id}.json`), JSON.stringify(manifest));
  const [found] = await readManifests(app);
  if (found === undefined) throw new Error(`The model ${id} is not where it was written.`);
  return found;
}
