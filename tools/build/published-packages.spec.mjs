/** What is published works where there is nothing but what was published. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..');
const MODULES = join(ROOT, 'node_modules');

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {{ targets?: Record<string, unknown> }} nx
 * @property {Record<string, Record<string, unknown> | string>} exports
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [bin]
 *
 * @typedef {{ folder: string, manifest: Manifest, tarball: string, files: string[] }} Package
 */

/** @type {Package[]} */
let packages = [];
/** @type {string} */
let folder;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-published-'));
  packages = await packPublished();
}, 60_000);

afterAll(() => rm(folder, { recursive: true }));

/** @returns {Promise<Package[]>} every library that has declarations, and the command line: packed */
async function packPublished() {
  const found = [];
  for (const name of await readdir(join(ROOT, 'libs'))) {
    const library = join(ROOT, 'libs', name);
    /** @type {Manifest} */
    const manifest = JSON.parse(await readFile(join(library, 'package.json'), 'utf8'));
    if (manifest.nx.targets?.['declarations'] === undefined && manifest.bin === undefined) continue;
    const args = ['pack', library, '--json', '--ignore-scripts', '--pack-destination', folder];
    const [packed] = JSON.parse((await run('npm', args, { cwd: ROOT })).stdout);
    const files = packed.files.map((/** @type {{ path: string }} */ { path }) => path);
    found.push({ folder: library, manifest, tarball: join(folder, packed.filename), files });
  }
  return found;
}

/** Makes a project that has these packages, and what they declare as dependencies: no more. */
async function install(/** @type {string[]} */ ...names) {
  const project = await mkdtemp(join(folder, 'project-'));
  for (const { manifest, tarball } of packages.filter((found) => names.includes(found.manifest.name))) {
    const target = join(project, 'node_modules', manifest.name);
    await mkdir(target, { recursive: true });
    await run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
    for (const dependency of Object.keys(manifest.dependencies ?? {})) {
      if (names.includes(dependency)) continue;
      const link = join(project, 'node_modules', dependency);
      await mkdir(dirname(link), { recursive: true });
      await symlink(join(MODULES, dependency), link);
    }
  }
  return project;
}

/**
 * Compiles strictly, the declarations of libraries too.
 *
 * @returns what the compiler has against it; empty when all is right
 */
async function compile(
  /** @type {string} */ project,
  /** @type {Record<string, string>} */ texts,
  /** @type {string[]} */ platform,
) {
  const files = Object.entries(texts);
  await Promise.all(files.map(([file, text]) => writeFile(join(project, file), text)));
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--target', 'es2023', '--skipDefaultLibCheck'];
  const args = [...strict, ...platform, ...Object.keys(texts)];
  const tsc = join(MODULES, 'typescript', 'bin', 'tsc');
  const { stdout } = await run(process.execPath, [tsc, ...args], { cwd: project }).catch((error) => error);
  return stdout;
}

const NODE = ['--module', 'nodenext', '--types', 'node', '--typeRoots', join(MODULES, '@types')];
const BROWSER = ['--module', 'esnext', '--moduleResolution', 'bundler', '--lib', 'es2023,dom'];

const CALL = `
const reply = { id: 'i', model: { id: 'm', version: '1.0.0' }, output: { label: 'positive' }, warnings: [] };
const ganglion = new Ganglion({
  url: 'http://ganglion.test',
  apiKey: 'k',
  fetch: async () => new Response(JSON.stringify(reply)),
});
ganglion.call('nlp', 'sentiment', { text: 'a' }).then((answer) => {
  const output: unknown = answer.output;
  const version: string = answer.model.version;
  console.log(JSON.stringify([output, version, GanglionError.name]));
});
`;
const CALLED = '[{"label":"positive"},"1.0.0","GanglionError"]\n';

const CALL_BY_CONTRACT = `
import { Ganglion } from '@ganglion/client';
import { sentiment } from '@ganglion/contracts/services/nlp/sentiment';
const ganglion = new Ganglion({ url: 'http://ganglion.test', apiKey: 'k' });
const byContract = await ganglion.call(sentiment, { text: 'a' });
const byName = await ganglion.call<typeof sentiment>('nlp', 'sentiment', { text: 'a' });
export const labels: ('negative' | 'positive')[] = [byContract.output.label, byName.output.label];
// @ts-expect-error The contract has no such field.
void ganglion.call(sentiment, { test: 'a' });
`;

/** Takes every module that a package exports: those under a pattern are found in it. */
function importAll(/** @type {Package} */ { manifest: { name, exports }, files }) {
  const paths = Object.keys(exports).filter((path) => path !== './package.json');
  const specifiers = paths.includes('./*') ? files.flatMap(underPattern) : paths.map((path) => path.slice(1));
  return specifiers
    .map((path, index) => `export * as ${name.slice(10)}${index} from '${name}${path}';`)
    .join('\n');
}

function underPattern(/** @type {string} */ file) {
  const [, path] = /^dist(\/.+)\.js$/.exec(file) ?? [];
  return path === undefined ? [] : [path];
}

describe('published packages', () => {
  it('are these', () => {
    const names = packages.map(({ manifest }) => manifest.name);
    expect(names).toEqual(['@ganglion/cli', '@ganglion/client', '@ganglion/contracts', '@ganglion/tensor']);
  });

  it('hold what was built, a README and the licence, and nothing else', () => {
    for (const { files, manifest } of packages) {
      const others = files.filter((file) => !/^(dist\/.+\.js(\.map)?|types\/.+\.d\.ts)$/.test(file));
      const isCommonJs = manifest.name === '@ganglion/client';
      const ofCommonJs = isCommonJs ? ['dist/cjs/package.json', 'types/cjs/package.json'] : [];
      const programs = Object.values(manifest.bin ?? {});
      expect(others.sort()).toEqual(
        ['LICENSE', 'README.md', 'package.json', ...ofCommonJs, ...programs].sort(),
      );
      expect(files.filter((file) => file.includes('.spec.'))).toEqual([]);
    }
  });

  it('hold declarations for every module (npx nx run-many -t declarations makes them)', () => {
    for (const { files } of packages.filter(({ manifest }) => manifest.bin === undefined)) {
      const modules = files.filter((file) => file.endsWith('.js'));
      expect(files).toEqual(
        expect.arrayContaining(modules.map((file) => file.replace(/^dist(.+)\.js$/, 'types$1.d.ts'))),
      );
    }
  });

  it("carry the repository's licence", async () => {
    const licence = await readFile(join(ROOT, 'LICENSE'), 'utf8');
    for (const library of packages) {
      expect(await readFile(join(library.folder, 'LICENSE'), 'utf8')).toBe(licence);
    }
  });
});

describe('the client, alone', () => {
  const esModule = `import { Ganglion, GanglionError } from '@ganglion/client';${CALL}`;
  const commonJs = `import client = require('@ganglion/client');\nconst { Ganglion, GanglionError } = client;${CALL}`;
  /** @type {string} */
  let project;
  beforeAll(async () => {
    project = await install('@ganglion/client');
  });

  it('compiles in Node, and runs as ES module and as CommonJS', async () => {
    expect(await compile(project, { 'esm.mts': esModule, 'common.cts': commonJs }, NODE)).toBe('');
    expect((await run(process.execPath, [join(project, 'esm.mjs')])).stdout).toBe(CALLED);
    expect((await run(process.execPath, [join(project, 'common.cjs')])).stdout).toBe(CALLED);
  }, 60_000);

  it('compiles for a browser', async () => {
    expect(await compile(project, { 'browser.ts': esModule }, BROWSER)).toBe('');
  }, 60_000);
});

it('the command line runs where there are it and the client alone', async () => {
  const project = await install('@ganglion/cli', '@ganglion/client');
  const program = join(project, 'node_modules', '@ganglion', 'cli', 'bin', 'ganglion.mjs');
  const ganglion = (/** @type {string[]} */ ...args) =>
    run(program, args, { cwd: project, env: { PATH: process.env.PATH } });
  expect((await ganglion('--version')).stdout).toBe(`${packages[0]?.manifest.version}\n`);
  expect((await ganglion('--help')).stdout).toMatch(/^ganglion <service> <operation>/);
  await expect(ganglion('services', '--url', 'http://127.0.0.1:1', '--key', 'k')).rejects.toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^network: http:\/\/127\.0\.0\.1:1 cannot be reached/),
  });
}, 60_000);

it('together, the client types calls by the contracts, and every export has whole declarations', async () => {
  const project = await install('@ganglion/client', '@ganglion/contracts', '@ganglion/tensor');
  const texts = { 'call.mts': CALL_BY_CONTRACT, 'all.mts': packages.map(importAll).join('\n') };
  expect(await compile(project, texts, NODE)).toBe('');
}, 60_000);
