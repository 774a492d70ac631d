import type { FoundManifest } from '../manifests/read-manifests.js';
import type { Catalogue } from './catalogue.js';
import { megabytes, type Output } from './output.js';

/** Shows models' cards. */
export async function showModels(
  models: readonly FoundManifest[],
  catalogue: Catalogue,
  output: Output,
): Promise<void> {
  for (const found of models) {
    const state = await catalogue.stateOf(found);
    const { probes, ...manifest } = found.manifest;
    output.tell({ ...manifest, state, probes: probes.length, folder: found.folder }, describe(found, state));
  }
}

function describe({ manifest, folder }: FoundManifest, state: string): string {
  const { card } = manifest;
  const verified = manifest.probes.length > 0 ? `${manifest.probes.length} probes` : 'unverified';
  return [
    `${manifest.id}@${manifest.version}  ${manifest.task}, ${manifest.engine}, ${manifest.licence}, ${state}, ${verified}`,
    `slot: ${manifest.slot ?? '-'}${manifest.default ? ' (default)' : ''}`,
    `manifest in: ${folder}`,
    '',
    card.summary,
    '',
    `Trained on: ${card.trainedOn}`,
    'Not fit for:',
    ...card.notFitFor.map((use) => `  ${use}`),
    'Measured:',
    ...card.metrics.map(
      ({ name, value, dataset, note }) => `  ${name}: ${value} (${dataset}${note ? `; ${note}` : ''})`,
    ),
    'Files:',
    ...manifest.files.map(
      ({ path, bytes, sources }) => `  ${path}  ${megabytes(bytes)}  ${sources.join(', ')}`,
    ),
  ].join('\n');
}
