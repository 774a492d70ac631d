import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';

/**
 * Writes a graph that was trained, and what it is now into its manifest: `<app>/models/<id>.json` and
 * `<app>/models/<id>/graph.onnx`.
 *
 * @param {{ app: string, id: string }} model
 * @param {Uint8Array} graph
 * @param {{ preprocessing: object, probe: object, metrics: object[] }} parts
 */
export async function writeModel({ app, id }, graph, { preprocessing, probe, metrics }) {
  const models = new URL(`../../apps/${app}/models/`, import.meta.url);
  const file = new URL(`${id}.json`, models);
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(new URL(`${id}/graph.onnx`, models), graph);
  const sha256 = createHash('sha256').update(graph).digest('hex');
  Object.assign(manifest.files[0], { bytes: graph.length, sha256 });
  Object.assign(manifest, { preprocessing, probes: [probe] });
  manifest.card.metrics = metrics;
  const style = await resolveConfig(file);
  await writeFile(file, await format(JSON.stringify(manifest), { ...style, parser: 'json' }));
}
