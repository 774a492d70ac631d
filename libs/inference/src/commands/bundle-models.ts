import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { writeBundle, type BundledFile } from '../hub/bundle/write-bundle.js';
import { locateFile } from '../hub/locate-file.js';
import { servingModels } from '../hub/plan-pull.js';
import type { FoundManifest } from '../manifests/read-manifests.js';
import type { Catalogue } from './catalogue.js';
import { megabytes, type Output } from './output.js';
import { UsageError } from './usage-error.js';

/** Writes models into one file: those that are named, else those that serve by default, with what their samples send. */
export async function bundleModels(
  { ids, path }: { readonly ids: readonly string[]; readonly path: string },
  catalogue: Catalogue,
  output: Output,
): Promise<void> {
  await requireWritable(path);
  const chosen = ids.length > 0 ? catalogue.choose(ids) : servingModels(catalogue.models, catalogue.licences);
  catalogue.requireLicences(chosen);
  const files = new Map<string, BundledFile>();
  for (const found of chosen) {
    for (const file of await filesOf(found, catalogue)) files.set(file.sha256, file);
  }
  if (ids.length === 0) {
    for (const file of await cachedSamples(catalogue)) files.set(file.sha256, file);
  }
  await writeBundle(path, chosen, [...files.values()]);
  const { size } = await stat(path);
  const names = chosen.map(({ manifest }) => `${manifest.id}@${manifest.version}`);
  output.tell(
    { path, bytes: size, models: names, files: files.size },
    `${path}: ${megabytes(size)}, ${files.size} files of ${names.join(', ')}.`,
  );
}

/** Before much is read. @throws UsageError */
async function requireWritable(path: string): Promise<void> {
  const folder = dirname(resolve(path));
  const isFolder = async (name: string) => (await stat(name).catch(() => null))?.isDirectory() ?? false;
  if (!(await isFolder(folder))) throw new UsageError(`There is no folder ${folder}.`);
  if (await isFolder(path)) throw new UsageError(`${path} is a folder: name the file.`);
}

async function filesOf({ manifest, folder }: FoundManifest, { cache }: Catalogue): Promise<BundledFile[]> {
  const files = manifest.files.map(async (file) => {
    const location = await locateFile(file, folder, cache);
    if (location === null)
      throw new Error(
        `"${file.path}" of ${manifest.id} is not here: "ganglion models pull ${manifest.id}" brings it.`,
      );
    return { bytes: file.bytes, sha256: file.sha256, location };
  });
  return Promise.all(files);
}

/** Those that are here; a bundle serves without them. */
async function cachedSamples({ sampleFiles, cache }: Catalogue): Promise<BundledFile[]> {
  const are = await Promise.all(sampleFiles.map((file) => cache.has(file)));
  return sampleFiles
    .filter((_, index) => are[index])
    .map(({ bytes, sha256 }) => ({ bytes, sha256, location: cache.locate({ bytes, sha256 }) }));
}
