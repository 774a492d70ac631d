import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { leaseTimeMs } from './lease.js';

/** Folder of uploads under way; no tenant's name begins with a dot. */
export const INCOMING = '.incoming';

/** Removes leases made, and uploads last written, before `beforeMs` (ms since 1970). Returns how many files went. */
export async function sweepLeases(root: string, beforeMs: number): Promise<number> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  let removed = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (!((await timeMs(path)) < beforeMs)) continue;
    await rm(path, { force: true });
    if (basename(entry.parentPath) !== INCOMING) await rmdir(dirname(path)).catch(() => {});
    removed += 1;
  }
  return removed;
}

/** An upload under way may take long: its file's own time counts. A file that is no lease is nobody's to remove. */
async function timeMs(path: string): Promise<number> {
  if (basename(dirname(path)) !== INCOMING) return leaseTimeMs(basename(path)) ?? Infinity;
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Infinity,
  );
}
