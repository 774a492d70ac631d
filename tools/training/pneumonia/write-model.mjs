import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';

const MODELS = new URL('../../../apps/medical-imaging/models/', import.meta.url);
const MANIFEST = new URL('pneumonia-cnn.json', MODELS);

/**
 * Writes the graph, and what it is now into its manifest.
 *
 * @param {Uint8Array} graph
 * @param {{ preprocessing: object, probe: object, metrics: object[] }} parts
 */
export async function writeModel(graph, { preprocessing, probe, metrics }) {
  const manifest = JSON.parse(await readFile(MANIFEST, 'utf8'));
  await writeFile(new URL('pneumonia-cnn/graph.onnx', MODELS), graph);
  const sha256 = createHash('sha256').update(graph).digest('hex');
  Object.assign(manifest.files[0], { bytes: graph.length, sha256 });
  Object.assign(manifest, { preprocessing, probes: [probe] });
  manifest.card.metrics = metrics;
  const style = await resolveConfig(MANIFEST);
  await writeFile(MANIFEST, await format(JSON.stringify(manifest), { ...style, parser: 'json' }));
}
