/**
 * Puts together what an image of one app holds, in the layout of this repository: package.json files, the production
 * dependencies of that app alone, what was built, its manifests; nothing that it does not need at run time.
 *
 * Usage: npm run build && node infra/image/bundle.mjs --app nlp --to <new folder> [--arch x64] [--models models.tar]
 * With `--app puller`: what pulls models for every app.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { trim } from './trim.mjs';

const REPOSITORY = resolve(import.meta.dirname, '..', '..');
const { values } = parseArgs({
  options: {
    app: { type: 'string' },
    to: { type: 'string' },
    arch: { type: 'string', default: process.arch },
    models: { type: 'string' },
  },
});
const { app, to, arch, models } = values;
const projects = ['apps', 'libs'].flatMap((root) =>
  readdirSync(join(REPOSITORY, root)).map((name) => `${root}/${name}`),
);
if (!app || !to || !(app === 'puller' || projects.includes(`apps/${app}`))) {
  const names = projects.filter((project) => project.startsWith('apps/')).map((project) => project.slice(5));
  throw new Error(`usage: bundle.mjs --app <${[...names, 'puller'].join('|')}> --to <new folder>`);
}
if (existsSync(to)) throw new Error(`${to} is there already.`);

const copy = (path) => {
  mkdirSync(dirname(join(to, path)), { recursive: true });
  cpSync(join(REPOSITORY, path), join(to, path), {
    recursive: true,
    filter: (file) => !/\.(map|d\.ts)$/.test(file),
  });
};
for (const path of ['package.json', 'package-lock.json', '.npmrc', 'tools/package.json', 'LICENSE'])
  copy(path);
for (const project of projects)
  if (existsSync(join(REPOSITORY, project, 'package.json'))) copy(`${project}/package.json`);
copy('libs/cli/bin');

const workspaces = app === 'puller' ? ['@ganglion/cli', '@ganglion/inference'] : [`@ganglion/${app}`];
const npm = ['ci', '--omit=dev', '--no-audit', ...workspaces.flatMap((name) => ['--workspace', name])];
execFileSync('npm', npm, { cwd: to, stdio: ['ignore', 'inherit', 'inherit'] });

const linked =
  app === 'puller'
    ? ['libs/cli', 'libs/client', 'libs/inference', 'libs/contracts', 'libs/tensor']
    : librariesOf(`apps/${app}`);
for (const library of linked) copy(`${library}/dist`);
if (app === 'puller') for (const project of projects) copyIfThere(`${project}/models`);
else {
  copy(`apps/${app}/dist`);
  copyIfThere(`apps/${app}/models`);
  copy('infra/image/wait-for-database.mjs');
}
trim(to, arch);
if (models) pullModels(models);

function copyIfThere(path) {
  if (existsSync(join(REPOSITORY, path))) copy(path);
}

/** Our libraries that a project needs, and those that these need. */
function librariesOf(project, found = new Set()) {
  const { dependencies = {} } = JSON.parse(readFileSync(join(REPOSITORY, project, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies).filter((each) => each.startsWith('@ganglion/'))) {
    const library = `libs/${name.slice('@ganglion/'.length)}`;
    if (!found.has(library)) librariesOf(library, found.add(library));
  }
  return [...found];
}

/** Beside the app, where GANGLION_CACHE of an image points. */
function pullModels(bundle) {
  if (!existsSync(join(to, `apps/${app}/models`))) return;
  const program = join(REPOSITORY, 'libs/inference/dist/commands/main.js');
  execFileSync(
    process.execPath,
    [program, 'pull', '--folder', join(to, 'apps', app), '--from', resolve(bundle)],
    {
      env: { ...process.env, GANGLION_CACHE: join(resolve(to), 'cache'), GANGLION_OFFLINE: '1' },
      stdio: 'inherit',
    },
  );
}
