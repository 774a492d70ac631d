import type { FolderBlobStore } from '@ganglion/persistence';
import type { Logger } from '@ganglion/service-kit/logger';

/** Blobs that no row holds carry bodies for as long as a call lasts, which is minutes: older ones were left by a crash. */
const LONGEST_LEASE_MS = 60 * 60 * 1_000;
const INTERVAL_MS = 10 * 60 * 1_000;

/**
 * Removes, now and every ten minutes, the blobs that a crash left behind.
 *
 * @param findHeld Which of those leases a row holds. While it cannot tell, nothing is removed.
 * @returns what ends it.
 */
export function sweepBlobs(
  blobs: FolderBlobStore,
  logger: Logger,
  findHeld: (leases: readonly string[]) => Promise<ReadonlySet<string>>,
): () => void {
  const sweep = (): void => {
    blobs.sweep(LONGEST_LEASE_MS, findHeld).then(
      (removed) => {
        if (removed > 0) logger.info({ removed }, 'Removed blobs that were left behind');
      },
      (error: unknown) => logger.warn({ err: error }, 'Blobs could not be swept'),
    );
  };
  sweep();
  const timer = setInterval(sweep, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
