import { join } from 'node:path';
import { runNode } from './program.mjs';
import { REPOSITORY } from './repository.mjs';

/**
 * Compiles every project, or those named; Nx takes from its cache what has not changed.
 *
 * @param {{ logFolder: string, projects?: string[], signal?: AbortSignal }} options
 */
export async function build({ logFolder, projects, signal }) {
  await runNode(join(REPOSITORY, 'node_modules', '.bin', 'nx'), {
    args: ['run-many', '-t', 'build', ...(projects ? ['-p', projects.join(',')] : [])],
    logFile: join(logFolder, 'build.log'),
    env: { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false' },
    ...(signal && { signal }),
  });
}
