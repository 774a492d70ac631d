import { watch as watchFolder } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../servers/ports.mjs';
import { build } from './build.mjs';
import { REPOSITORY } from './repository.mjs';

/** Editors write a file in several steps. */
const SETTLE_MS = 200;

/** A port for each watched app's inspector, kept over its restarts, so that a debugger finds it again. */
export async function inspectorPorts(/** @type {string[]} */ names) {
  const ports = names.map(async (name) => /** @type {[string, number]} */ ([name, await freePort()]));
  return new Map(await Promise.all(ports));
}

/**
 * Builds one app anew and restarts it whenever its sources or its libraries' change; the others run on.
 *
 * @param {import('./apps.mjs').App} app
 * @param {{ stack: import('./stack.mjs').Stack, logFolder: string, say: (line: string) => void }} context
 * @returns {Promise<() => void>} ends the watching
 */
export async function watchApp(app, { stack, logFolder, say }) {
  const projects = await withLibraries(app.folder);
  const folders = projects
    .flatMap((folder) => [join(folder, 'src'), join(folder, 'models')])
    .filter((path) => existsSync(path));
  /** @type {Promise<void>} */
  let working = Promise.resolve();
  /** @type {NodeJS.Timeout | undefined} */
  let settling;
  const renew = async () => {
    try {
      await build({ logFolder, projects: await Promise.all(projects.map(projectName)) });
    } catch (error) {
      say(
        `${app.name} does not build, the old one runs on:\n${error instanceof Error ? error.message : error}`,
      );
      return;
    }
    await Promise.all((stack.processes.get(app.name) ?? []).map((process) => process.restart()));
    say(`${app.name} was built and started again.`);
  };
  const onChange = () => {
    clearTimeout(settling);
    settling = setTimeout(() => (working = working.then(renew)), SETTLE_MS);
  };
  const watchers = folders.map((folder) => watchFolder(folder, { recursive: true }, onChange));
  say(`Watching ${app.name} and ${projects.length - 1} libraries.`);
  return () => {
    clearTimeout(settling);
    for (const watcher of watchers) watcher.close();
  };
}

/** @returns {Promise<string[]>} the folders of a project and of every library that it needs, by their package.json */
async function withLibraries(/** @type {string} */ folder, /** @type {Set<string>} */ found = new Set()) {
  found.add(folder);
  const { dependencies = {} } = await readManifest(folder);
  for (const name of Object.keys(dependencies)) {
    const library = join(REPOSITORY, 'libs', name.replace('@ganglion/', ''));
    if (name.startsWith('@ganglion/') && !found.has(library)) await withLibraries(library, found);
  }
  return [...found];
}

async function projectName(/** @type {string} */ folder) {
  return (await readManifest(folder)).name;
}

/** @returns {Promise<{ name: string, dependencies?: Record<string, string> }>} */
async function readManifest(/** @type {string} */ folder) {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
}
