import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultCacheFolder } from '@ganglion/inference';
import { format, resolveConfig } from 'prettier';

const MODELS = new URL('../../../apps/nlp/models/', import.meta.url);
const MANIFEST = new URL('minilm-sentiment.json', MODELS);

/** @typedef {{ name: string, value: number, dataset: string, note?: string }} Metric */

/** Reads one of the publisher's files from the cache of models. @param {string} path Its name in the manifest. */
export async function readPulledFile(path) {
  const { files } = JSON.parse(await readFile(MANIFEST, 'utf8'));
  const { sha256 } = files.find((/** @type {{ path: string }} */ file) => file.path === path);
  const location = join(defaultCacheFolder(), 'models', sha256);
  const bytes = await readFile(location).catch((cause) => {
    throw new Error(`${path} is not at ${location}: "npm start -- --once --only nlp" pulls it.`, { cause });
  });
  if (digest(bytes) !== sha256) throw new Error(`${location} does not have the sha256 of its name.`);
  return bytes;
}

/**
 * Writes the files of the model, and what they are now into its manifest.
 *
 * @param {Readonly<Record<string, Uint8Array>>} written By name in the manifest.
 * @param {readonly Metric[]} metrics
 */
export async function writeModel(written, metrics) {
  const manifest = JSON.parse(await readFile(MANIFEST, 'utf8'));
  for (const [path, bytes] of Object.entries(written)) {
    await writeFile(new URL(`minilm-sentiment/${path}`, MODELS), bytes);
    const file = manifest.files.find((/** @type {{ path: string }} */ entry) => entry.path === path);
    Object.assign(file, { bytes: bytes.length, sha256: digest(bytes) });
  }
  manifest.card.metrics = metrics;
  const style = await resolveConfig(MANIFEST);
  await writeFile(MANIFEST, await format(JSON.stringify(manifest), { ...style, parser: 'json' }));
}

function digest(/** @type {Uint8Array} */ bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
