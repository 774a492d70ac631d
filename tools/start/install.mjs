import { existsSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { isOffline } from '../servers/offline.mjs';
import { SetupError } from '../servers/setup-error.mjs';
import { ProgramFailure, runNode } from './program.mjs';
import { REPOSITORY } from './repository.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} LockedPackage
 */

/**
 * Installs what the lockfile says, unless it is there already.
 *
 * @param {{ logFolder: string, signal?: AbortSignal, say: (line: string) => void }} options
 */
export async function installPackages({ logFolder, signal, say }) {
  if (await isInstalled()) return;
  if (isOffline()) {
    throw new SetupError(
      'GANGLION_OFFLINE is set, and the packages of package-lock.json are not installed: run "npm ci" where there is a registry or a mirror of it, or bring node_modules along.',
    );
  }
  say('Installing the packages of package-lock.json (npm ci) ...');
  const logFile = join(logFolder, 'npm-ci.log');
  try {
    await runNode(npmProgram(), {
      args: ['ci', '--no-audit', '--no-fund'],
      logFile,
      ...(signal && { signal }),
    });
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    if (/E(NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT|NETUNREACH)|network/i.test(error.output)) {
      throw new SetupError(`npm can't reach its registry: is there a network? (${logFile})`);
    }
    const [reason] = (await readFile(logFile, 'utf8')).match(/(?<=^npm error )(?!code).+/m) ?? [
      'npm ci failed',
    ];
    throw new SetupError(`npm ci: ${reason} (${logFile})`);
  }
}

/** npm keeps its own record of what it installed: whether that is what the lockfile asks for. */
async function isInstalled() {
  const [wanted, present] = await Promise.all([
    readPackages(join(REPOSITORY, 'package-lock.json')),
    readPackages(join(REPOSITORY, 'node_modules', '.package-lock.json')).catch(() => undefined),
  ]);
  return present !== undefined && isSatisfied(wanted, present);
}

/** @returns {Promise<Record<string, LockedPackage>>} */
async function readPackages(/** @type {string} */ file) {
  return JSON.parse(await readFile(file, 'utf8')).packages;
}

/**
 * Whether every package that is wanted is present in that version. An optional one may be missing, for most are for
 * other platforms; the workspaces' own folders are no packages.
 *
 * @param {Record<string, LockedPackage>} wanted
 * @param {Record<string, LockedPackage>} present
 */
export function isSatisfied(wanted, present) {
  return Object.entries(wanted).every(([path, { version, integrity, optional, devOptional, link }]) => {
    if (!path.includes('node_modules/')) return true;
    const found = present[path];
    if (!found) return Boolean(optional || devOptional);
    return (
      Boolean(link) === Boolean(found.link) && found.version === version && found.integrity === integrity
    );
  });
}

/** npm's own script: it says where it is when it runs us; else it is what `npm` on the path leads to. */
function npmProgram() {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'npm'));
  const found = [process.env.npm_execpath ?? '', ...onPath]
    .filter((file) => existsSync(file))
    .map((file) => realpathSync(file))
    .find((file) => file.endsWith('npm-cli.js'));
  if (found) return found;
  throw new SetupError('npm is missing: install Node with its npm.');
}
