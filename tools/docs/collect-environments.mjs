import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startEnvironment } from '../start/environment.mjs';
import { trainingEnvironment } from '../training/environment.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

/** @typedef {import('./environment-page.mjs').Process} Process */

/** How the modules of a project are found: in its sources (where TypeScript is run), or as they were built. */
export const SOURCES = { folder: 'src', extension: 'ts' };
export const BUILT = { folder: 'dist', extension: 'js' };

/**
 * What every process of the repository declares that it reads; apps are found by their folder.
 *
 * @param {{ folder: string, extension: string }} form
 * @returns {Promise<Process[]>}
 */
export async function collectEnvironments({ folder, extension }) {
  const load = (/** @type {string} */ project, /** @type {string} */ module) =>
    import(join(ROOT, project, folder, `${module}.${extension}`));
  const { serviceEnvironment } = await load('libs/service-kit', 'start-service');
  const { cliEnvironment } = await load('libs/cli', 'environment');
  const apps = [];
  for (const app of await findApps()) {
    const { environment } = await load(`apps/${app}`, 'config');
    apps.push({ title: app, about: describeApp(environment), environment });
  }
  return [
    { title: '`npm start`', about: 'What it reads for itself.', environment: startEnvironment },
    { title: 'Every service', about: 'By the service kit.', environment: serviceEnvironment },
    ...apps,
    { title: 'Command line', about: '`ganglion`.', environment: cliEnvironment },
    { title: 'Training', about: 'The scripts of `tools/training`.', environment: trainingEnvironment },
  ];
}

/** @returns {Promise<string[]>} the apps that have settings, in order */
async function findApps() {
  const apps = (await readdir(join(ROOT, 'apps'))).sort();
  const configured = await Promise.all(
    apps.map((app) =>
      access(join(ROOT, 'apps', app, 'src', 'config.ts')).then(
        () => true,
        () => false,
      ),
    ),
  );
  return apps.filter((_, index) => configured[index]);
}

/** A process that is no service (the gateway) declares for itself how it reaches NATS. */
function describeApp(/** @type {Record<string, unknown>} */ environment) {
  return 'natsUrl' in environment ? 'All that it reads.' : 'Beside what every service reads.';
}
