import { availableParallelism } from 'node:os';

/** Beyond it a single call gains little, and the many callers of a loaded machine lose. */
const MOST = 4;

/**
 * Threads within one operator where no setting names them: half of the cores, since the event loop, the gateway and
 * other services compute as well; one at least, and four at most.
 */
export function defaultIntraOpThreads(cores = availableParallelism()): number {
  return Math.min(Math.max(Math.floor(cores / 2), 1), MOST);
}
