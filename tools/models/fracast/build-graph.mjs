/**
 * Writes the ONNX graph of Fracast-0 over the publisher's untouched weights.
 *
 *   node tools/models/fracast/build-graph.mjs <model.safetensors>
 *
 * The file comes from PyPI `fracast==0.1.0`, `fracast/weights/`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { makeFracastGraph } from './fracast-graph.mjs';

const GRAPH = new URL('../../../apps/forecasting/models/fracast/graph.onnx', import.meta.url);

const [, , file] = process.argv;
if (file === undefined) throw new Error('Usage: build-graph.mjs <model.safetensors>');
await writeFile(GRAPH, makeFracastGraph(await readFile(file)));
