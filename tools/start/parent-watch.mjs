/**
 * Loaded into every app before its own code: an app whose parent is gone ends as if by SIGTERM, in good order when it
 * runs already, at once while it still starts, by force when it takes too long.
 */
import { isMainThread } from 'node:worker_threads';

const GRACE_MS = 35_000;

function onParentGone() {
  setTimeout(() => process.exit(1), GRACE_MS).unref();
  process.kill(process.pid, 'SIGTERM');
}

if (isMainThread) {
  process.once('disconnect', onParentGone);
  // Being watched must not keep an app alive that has nothing left to do.
  process.channel?.unref();
}
