import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelManifest } from '@ganglion/contracts/model-manifest';
import { defaultCacheFolder } from '@ganglion/inference';

const manifest = modelManifest.parse(
  JSON.parse(readFileSync(new URL('../models/minilm-sentiment.json', import.meta.url), 'utf8')),
);

/** One of the publisher's files, from the cache into which `npm test` pulls them. */
export function readModelFile(path: string): Uint8Array {
  const file = manifest.files.find((entry) => entry.path === path);
  if (file === undefined) throw new Error(`The manifest lists no ${path}.`);
  return readFileSync(join(defaultCacheFolder(), 'models', file.sha256));
}
