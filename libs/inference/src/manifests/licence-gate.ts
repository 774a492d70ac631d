import type { ModelManifest } from '@ganglion/contracts/model-manifest';

/** Licences that weights may have to load, unless `GANGLION_LICENCES` says otherwise: permissive ones, by SPDX id. */
export const DEFAULT_LICENCES: readonly string[] = [
  'Apache-2.0',
  'MIT',
  'MIT-0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'CC0-1.0',
  'CC-BY-4.0',
  'Unlicense',
];

/** Whether a model's licence is one of those that may load. */
export function mayLoad({ licence }: ModelManifest, licences: readonly string[]): boolean {
  return licences.includes(licence);
}
