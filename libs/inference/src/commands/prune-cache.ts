import { rm } from 'node:fs/promises';
import { findLeftovers } from '../hub/leftovers.js';
import type { Catalogue } from './catalogue.js';
import { megabytes, type Output } from './output.js';

/** What was not touched for so long is no longer being written. */
const UNTOUCHED_MS = 24 * 60 * 60 * 1_000;

/** Deletes cached files that no manifest and no sample refers to, and what downloads left that were broken off. */
export async function pruneCache(catalogue: Catalogue, isDryRun: boolean, output: Output): Promise<void> {
  const { models, sampleFiles, cache, downloadFolder } = catalogue;
  if (models.length === 0) throw new Error('No manifest was found, so nothing is deleted: see --folder.');
  const used = new Set(
    [...models.flatMap(({ manifest }) => manifest.files), ...sampleFiles].map((file) => file.sha256),
  );
  const isOld = (modifiedMs: number) => Date.now() - modifiedMs > UNTOUCHED_MS;
  const unused = (await cache.entries()).filter(({ name, isWhole, modifiedMs }) =>
    isWhole ? !used.has(name) : isOld(modifiedMs),
  );
  const leftovers = await findLeftovers(downloadFolder, UNTOUCHED_MS);
  for (const path of [...unused.map((entry) => entry.path), ...leftovers]) {
    if (!isDryRun) await rm(path, { recursive: true, force: true });
    output.tell({ path, deleted: !isDryRun }, `${isDryRun ? 'would delete' : 'deleted'} ${path}`);
  }
  const bytes = unused.reduce((sum, entry) => sum + entry.bytes, 0);
  const count = unused.length + leftovers.length;
  output.tell({ count, bytes, deleted: !isDryRun }, `${count} files and folders, ${megabytes(bytes)}.`);
}
