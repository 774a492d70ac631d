import type { FoundManifest } from '../manifests/read-manifests.js';
import { mayLoad } from '../manifests/licence-gate.js';
import { locateFile } from './locate-file.js';
import type { ExpectedFile, ModelCache } from './model-cache.js';
import { parseSource, type DownloadSource } from './source.js';

/** A file that has to be fetched, and where it can be had, the preferred source first. */
export interface MissingFile extends ExpectedFile {
  /** Such as `all-minilm-l6-v2: model.safetensors`. */
  readonly title: string;
  readonly sources: readonly DownloadSource[];
}

/** What has to be fetched. */
export interface PullPlan {
  readonly files: readonly MissingFile[];
  /** Size of each package where it is known, in bytes. */
  readonly archiveBytes: ReadonlyMap<string, number>;
  /** To be downloaded in all, in bytes. */
  readonly bytes: number;
}

/**
 * The models that serve by default: not those whose licence does not let them load, nor those that wait for somebody to
 * give them a slot.
 */
export function servingModels(
  manifests: readonly FoundManifest[],
  licences: readonly string[],
): FoundManifest[] {
  return manifests.filter(
    ({ manifest }) => (manifest.slot === undefined || manifest.default) && mayLoad(manifest, licences),
  );
}

/**
 * Finds out which files of models are not on this machine yet.
 *
 * @throws Error when a file beside its manifest is missing, or lies outside of the manifest's folder.
 */
export async function planPull(manifests: readonly FoundManifest[], cache: ModelCache): Promise<PullPlan> {
  const files = new Map<string, MissingFile>();
  const archiveBytes = new Map<string, number>();
  for (const { manifest, folder } of manifests) {
    for (const [archive, bytes] of Object.entries(manifest.archiveBytes)) archiveBytes.set(archive, bytes);
    for (const file of manifest.files) {
      if (files.has(file.sha256) || (await locateFile(file, folder, cache)) !== null) continue;
      const sources = file.sources.map(parseSource).filter((source) => source.kind !== 'file');
      const title = `${manifest.id}: ${file.path}`;
      if (sources.length === 0) throw new Error(`${title} is missing beside its manifest in ${folder}.`);
      files.set(file.sha256, { title, bytes: file.bytes, sha256: file.sha256, sources });
    }
  }
  const missing = [...files.values()];
  const bytes = [...groupByArchive(missing, 0)].reduce(
    (sum, [archive, group]) => sum + downloadBytes(archive, group, archiveBytes),
    0,
  );
  return { files: missing, archiveBytes, bytes };
}

/** Files by the package, or else the file, that their source of this rank is; those that have no such source are left out. */
export function groupByArchive(files: Iterable<MissingFile>, rank: number): Map<string, MissingFile[]> {
  const groups = new Map<string, MissingFile[]>();
  for (const file of files) {
    const archive = file.sources[rank]?.archive;
    if (archive !== undefined) groups.set(archive, [...(groups.get(archive) ?? []), file]);
  }
  return groups;
}

/** Size of a package; the size of the wanted files stands in for it where the manifest does not say. */
export function downloadBytes(
  archive: string,
  files: readonly MissingFile[],
  archiveBytes: ReadonlyMap<string, number>,
): number {
  return archiveBytes.get(archive) ?? files.reduce((sum, { bytes }) => sum + bytes, 0);
}
