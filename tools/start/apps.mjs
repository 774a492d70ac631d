import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../servers/setup-error.mjs';
import { ALWAYS } from './arguments.mjs';
import { REPOSITORY } from './repository.mjs';

/**
 * A folder of `apps/` that runs as a process of its own. One with `migrate.ts` owns a schema in the database.
 *
 * @typedef {{ name: string, folder: string, usesDatabase: boolean }} App
 */

/** @returns {App[]} every app of this clone, by name; nothing is registered anywhere */
export function findApps() {
  const apps = join(REPOSITORY, 'apps');
  return readdirSync(apps)
    .sort()
    .map((name) => ({ name, folder: join(apps, name) }))
    .filter(({ folder }) => existsSync(join(folder, 'src', 'main.ts')))
    .map((app) => ({ ...app, usesDatabase: existsSync(join(app.folder, 'src', 'migrate.ts')) }));
}

/**
 * How many processes of which app: one of each, but as the command line says.
 *
 * @param {App[]} apps
 * @param {Pick<import('./arguments.mjs').Arguments, 'only' | 'scale' | 'watch'>} wishes
 * @returns {Map<App, number>}
 * @throws SetupError when it names an app that is not there
 */
export function chooseApps(apps, { only, scale, watch }) {
  const known = apps.map(({ name }) => name);
  const wished = [...(only ?? []), ...Object.keys(scale), ...watch];
  const unknown = wished.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new SetupError(`There is no app "${unknown}", only ${known.join(', ')}.`);
  const chosen = apps.filter(({ name }) => !only || only.includes(name) || ALWAYS.includes(name));
  const left = [...Object.keys(scale), ...watch].find((name) => !chosen.some((app) => app.name === name));
  if (left !== undefined) throw new SetupError(`"${left}" is not among those of --only.`);
  return new Map(chosen.map((app) => [app, scale[app.name] ?? 1]));
}
