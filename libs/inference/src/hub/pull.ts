/**
 * Pulls the models of apps into the cache, and says on standard output, one JSON a line, what it does.
 *
 * Usage: node libs/inference/dist/hub/pull.js [--plan] <app folder>...
 */
import { join } from 'node:path';
import { DEFAULT_LICENCES } from '../manifests/licence-gate.js';
import { readManifests } from '../manifests/read-manifests.js';
import { defaultCacheFolder, ModelCache } from './model-cache.js';
import { planPull } from './plan-pull.js';
import { pullFiles, type PullProgress } from './pull-files.js';

/** One line of output. */
export type PullEvent =
  | { readonly event: 'plan'; readonly files: number; readonly bytes: number }
  | ({ readonly event: 'progress' } & PullProgress)
  | { readonly event: 'done' };

async function pull(args: readonly string[], tell: (event: PullEvent) => void): Promise<void> {
  const folders = args.filter((arg) => !arg.startsWith('--'));
  const unknown = args.find((arg) => arg.startsWith('--') && arg !== '--plan');
  if (unknown !== undefined || folders.length === 0)
    throw new Error('usage: pull.js [--plan] <app folder>...');
  const cacheFolder = defaultCacheFolder();
  const cache = new ModelCache(cacheFolder);
  const listed = process.env['GANGLION_LICENCES'];
  const licences = listed ? listed.split(',').map((id) => id.trim()) : DEFAULT_LICENCES;
  const manifests = (await Promise.all(folders.map(readManifests))).flat();
  const plan = await planPull(manifests, { cache, licences });
  tell({ event: 'plan', files: plan.files.length, bytes: plan.bytes });
  if (args.includes('--plan')) return;
  const onProgress = (progress: PullProgress) => tell({ event: 'progress', ...progress });
  await pullFiles(plan, { cache, downloadFolder: join(cacheFolder, 'downloads'), onProgress });
  tell({ event: 'done' });
}

try {
  await pull(process.argv.slice(2), (event) => process.stdout.write(`${JSON.stringify(event)}\n`));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
