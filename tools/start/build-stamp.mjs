import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from './repository.mjs';

const STAMP = join('.nx', 'built.json');

/** @typedef {{ digest: string, declarations: boolean }} Stamp What was built last, and of which sources. */

/**
 * Whether what was built last was built of the sources as they are. Asking Nx takes seconds, and it lays its cached
 * results anew under the feet of whoever runs them.
 */
export async function isBuilt(
  /** @type {{ declarations: boolean }} */ { declarations },
  repository = REPOSITORY,
) {
  /** @type {Partial<Stamp>} */
  const stamp = await readFile(join(repository, STAMP), 'utf8')
    .then(JSON.parse)
    .catch(() => ({}));
  if (declarations && !stamp.declarations) return false;
  return stamp.digest === (await digestSources(repository));
}

/** Remembers that everything is built of the sources as they are. */
export async function noteBuilt(
  /** @type {{ declarations: boolean }} */ { declarations },
  repository = REPOSITORY,
) {
  const stamp = { digest: await digestSources(repository), declarations };
  await writeFile(join(repository, STAMP), JSON.stringify(stamp));
}

/** Stands for every file that a build reads, by its name, size and time, and for the folders that it wrote. */
async function digestSources(/** @type {string} */ repository) {
  const hash = createHash('sha256');
  for (const project of await projects(repository)) {
    hash.update(`${(await filesBelow(join(project, 'dist'))).length} built\n`);
    await addFiles(hash, [...(await filesBelow(join(project, 'src'))), join(project, 'package.json')]);
  }
  const compiler = await filesBelow(join(repository, 'tools', 'build'));
  await addFiles(hash, [...compiler, join(repository, 'package-lock.json')]);
  return hash.digest('hex');
}

async function projects(/** @type {string} */ repository) {
  const groups = ['apps', 'libs'].map(async (group) => {
    const names = await readdir(join(repository, group));
    return names.sort().map((name) => join(repository, group, name));
  });
  return (await Promise.all(groups)).flat();
}

async function filesBelow(/** @type {string} */ folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function addFiles(/** @type {import('node:crypto').Hash} */ hash, /** @type {string[]} */ files) {
  const lines = files.sort().map(async (file) => {
    const { size, mtimeMs } = await stat(file).catch(() => ({ size: -1, mtimeMs: 0 }));
    return `${file} ${size} ${mtimeMs}\n`;
  });
  for (const line of await Promise.all(lines)) hash.update(line);
}
