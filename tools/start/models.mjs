import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../servers/setup-error.mjs';
import { requireSpace } from './prerequisites.mjs';
import { ProgramFailure, runNode } from './program.mjs';
import { REPOSITORY } from './repository.mjs';

const PULL = join(REPOSITORY, 'libs', 'inference', 'dist', 'hub', 'pull.js');
const MEGABYTE = 1e6;

/**
 * A line of the model hub's program.
 *
 * @typedef {{ event: 'plan', files: number, bytes: number }
 *   | { event: 'progress', doneBytes: number, bytes: number, file: string }
 *   | { event: 'done' }} PullEvent
 *
 * @typedef {{
 *   logFolder: string, cacheFolder: string, signal?: AbortSignal, terminal: import('./terminal.mjs').Terminal,
 * }} PullOptions
 */

/**
 * Says how much is to come of the models of these apps, or of other folders that have `models`, and pulls what the
 * cache lacks.
 *
 * @param {Iterable<Pick<import('./apps.mjs').App, 'folder'>>} apps
 * @param {PullOptions} options
 * @throws SetupError when the disk is too small or the models can't be had
 */
export async function pullModels(apps, options) {
  const folders = [...apps]
    .map(({ folder }) => folder)
    .filter((folder) => existsSync(join(folder, 'models')));
  if (folders.length === 0) return;
  const { cacheFolder, terminal } = options;
  let [missingFiles, missingBytes] = [0, 0];
  await runPull([...folders, '--plan'], options, (event) => {
    if (event.event === 'plan') [missingFiles, missingBytes] = [event.files, event.bytes];
  });
  if (missingFiles === 0) return;
  await requireSpace(cacheFolder, missingBytes * 2, 'for the models');
  terminal.say(`Pulling ${megabytes(missingBytes)} MB of models into ${cacheFolder} ...`);
  await runPull(folders, options, (event) => {
    if (event.event !== 'progress') return;
    terminal.progress(`  ${megabytes(event.doneBytes)} of ${megabytes(event.bytes)} MB  ${event.file}`);
  });
}

/**
 * @param {string[]} args
 * @param {PullOptions} options
 * @param {(event: PullEvent) => void} onEvent
 */
async function runPull(args, { logFolder, cacheFolder, signal }, onEvent) {
  try {
    await runNode(PULL, {
      args,
      logFile: join(logFolder, 'models.log'),
      env: { ...process.env, GANGLION_CACHE: cacheFolder },
      onLine: (line) => line.startsWith('{') && onEvent(JSON.parse(line)),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    const reason = error.output.split('\n').at(-1);
    throw new SetupError(`The models can't be had: ${reason} (${error.logFile})`);
  }
}

/** Tenths below ten, so that a small model does not read as 0. */
function megabytes(/** @type {number} */ bytes) {
  const size = bytes / MEGABYTE;
  return size < 10 ? size.toFixed(1) : size.toFixed(0);
}
