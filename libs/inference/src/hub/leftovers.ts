import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000;

/** Deletes what pulls that were killed left a week ago; until then an unfinished download can be gone on with. */
export async function removeLeftovers(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const path of await findLeftovers(folder, WEEK_MS)) await rm(path, { recursive: true, force: true });
}

/** @returns Paths of what nobody has touched for so long; none when there is no such folder. */
export async function findLeftovers(folder: string, untouchedMs: number): Promise<string[]> {
  const paths = (await readdir(folder).catch(() => [])).sort().map((name) => join(folder, name));
  const ages = await Promise.all(paths.map(async (path) => Date.now() - (await lastChangeMs(path))));
  return paths.filter((_, index) => (ages[index] ?? 0) > untouchedMs);
}

/** Of a folder and of what is in it, for a file that grows does not touch its folder. */
async function lastChangeMs(path: string): Promise<number> {
  const names = await readdir(path).catch(() => []);
  const times = [path, ...names.map((name) => join(path, name))].map(
    async (one) => (await stat(one).catch(() => ({ mtimeMs: 0 }))).mtimeMs,
  );
  return Math.max(...(await Promise.all(times)));
}
