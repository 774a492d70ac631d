import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Until then an unfinished download can be gone on with; a pull that was killed left what is older. */
const LEFTOVER_MS = 7 * 24 * 60 * 60 * 1_000;

/** Deletes what pulls that were killed left in the folder of downloads a week ago. */
export async function removeLeftovers(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (Date.now() - (await lastChangeMs(path)) > LEFTOVER_MS)
      await rm(path, { recursive: true, force: true });
  }
}

/** Of a folder and of what is in it, for a file that grows does not touch its folder. */
async function lastChangeMs(path: string): Promise<number> {
  const names = await readdir(path).catch(() => []);
  const times = [path, ...names.map((name) => join(path, name))].map(
    async (one) => (await stat(one).catch(() => ({ mtimeMs: 0 }))).mtimeMs,
  );
  return Math.max(...(await Promise.all(times)));
}
