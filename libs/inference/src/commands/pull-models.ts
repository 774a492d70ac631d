import { readBundle } from '../hub/bundle/read-bundle.js';
import { planPull, servingModels, type PullPlan } from '../hub/plan-pull.js';
import { pullFiles, type PullProgress } from '../hub/pull-files.js';
import type { Catalogue } from './catalogue.js';
import type { CommandLine } from './command-line.js';
import { megabytes, type Output } from './output.js';

/** What is told of a pull, for programs. */
export type PullEvent =
  | { readonly event: 'plan'; readonly files: number; readonly bytes: number }
  | ({ readonly event: 'progress' } & PullProgress)
  | { readonly event: 'done' };

/** Fetches what models lack: those that are named, else those that serve by default. */
export async function pullModels(
  { ids, from, isDryRun }: CommandLine,
  catalogue: Catalogue,
  output: Output,
): Promise<void> {
  const chosen = ids.length > 0 ? catalogue.choose(ids) : servingModels(catalogue.models, catalogue.licences);
  catalogue.requireLicences(chosen);
  const plan = await planPull(chosen, catalogue.cache);
  const tell = (event: PullEvent, line: string | null) => output.tell(event, line);
  tell(
    { event: 'plan', files: plan.files.length, bytes: plan.bytes },
    plan.files.length === 0
      ? `Nothing is missing in ${catalogue.cacheFolder}.`
      : `${plan.files.length} files are missing in ${catalogue.cacheFolder}, ${megabytes(plan.bytes)} to download.`,
  );
  if (isDryRun) return;
  if (from !== undefined) await pullBundle(from, plan, catalogue);
  else await pullOnline(plan, catalogue, output);
  tell(
    { event: 'done' },
    plan.files.length === 0 ? null : 'Done: every file has the sha256 of its manifest.',
  );
}

function pullOnline(plan: PullPlan, { cache, downloadFolder }: Catalogue, output: Output): Promise<void> {
  return pullFiles(plan, {
    cache,
    downloadFolder,
    onProgress: (progress) =>
      output.progress(
        { event: 'progress', ...progress },
        `${megabytes(progress.doneBytes)} of ${megabytes(progress.bytes)}  ${progress.file}`,
      ),
  });
}

/** Takes what the samples send as well. */
async function pullBundle(from: string, plan: PullPlan, catalogue: Catalogue): Promise<void> {
  const wanted = new Map([...plan.files, ...catalogue.sampleFiles].map((file) => [file.sha256, file]));
  await readBundle(from, wanted, catalogue.cache);
  const present = await Promise.all(plan.files.map((file) => catalogue.cache.has(file)));
  const lacking = plan.files.filter((_, index) => !present[index]).map(({ title }) => title);
  if (lacking.length > 0) throw new Error(`${from} does not hold ${lacking.join(', ')}.`);
}
