import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { leaseTimeMs } from './lease.js';

/** Folder of uploads under way; no tenant's name begins with a dot. */
export const INCOMING = '.incoming';

/** Of the leases asked about, those that somebody still holds. */
export type FindHeld = (leases: readonly string[]) => Promise<ReadonlySet<string>>;

/** So many leases are asked about at once. */
const BATCH = 1_000;

/**
 * Removes leases made, and uploads last written, before `beforeMs` (ms since 1970), but for those that are held. Returns
 * how many files went.
 */
export async function sweepLeases(root: string, beforeMs: number, findHeld: FindHeld): Promise<number> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const old: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await timeMs(path)) < beforeMs) old.push(path);
  }
  let removed = 0;
  for (let start = 0; start < old.length; start += BATCH) {
    const paths = old.slice(start, start + BATCH);
    const held = await findHeld(paths.filter((path) => !isIncoming(path)).map((path) => basename(path)));
    const left = paths.filter((path) => isIncoming(path) || !held.has(basename(path)));
    await Promise.all(left.map(remove));
    removed += left.length;
  }
  return removed;
}

async function remove(path: string): Promise<void> {
  await rm(path, { force: true });
  if (!isIncoming(path)) await rmdir(dirname(path)).catch(() => {});
}

function isIncoming(path: string): boolean {
  return basename(dirname(path)) === INCOMING;
}

/** An upload under way may take long: its file's own time counts. A file that is no lease is nobody's to remove. */
async function timeMs(path: string): Promise<number> {
  if (!isIncoming(path)) return leaseTimeMs(basename(path)) ?? Infinity;
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Infinity,
  );
}
