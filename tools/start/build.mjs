import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isBuilt, noteBuilt } from './build-stamp.mjs';
import { ProgramFailure, runNode } from './program.mjs';
import { REPOSITORY } from './repository.mjs';

/**
 * Compiles every project, or those named; Nx takes from its cache what has not changed. With `declarations`, the libraries
 * that are published get their .d.ts files too.
 *
 * @param {{ logFolder: string, declarations?: boolean, projects?: string[], signal?: AbortSignal }} options
 * @throws Error with what the compiler says of the first project that does not build
 */
export async function build({ logFolder, declarations = false, projects, signal }) {
  const targets = declarations ? 'build,declarations' : 'build';
  if (projects) return compile(targets, { logFolder, projects, signal });
  if (await isBuilt({ declarations })) return;
  await compile(targets, { logFolder, signal });
  await noteBuilt({ declarations });
}

/**
 * @param {string} targets
 * @param {{ logFolder: string, projects?: string[], signal: AbortSignal | undefined }} options
 */
async function compile(targets, { logFolder, projects, signal }) {
  const logFile = join(logFolder, 'build.log');
  try {
    await runNode(join(REPOSITORY, 'node_modules', '.bin', 'nx'), {
      args: ['run-many', '-t', targets, ...(projects ? ['-p', projects.join(',')] : [])],
      logFile,
      env: { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false' },
      ...(signal && { signal }),
    });
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    const cause = compilerError(await readFile(logFile, 'utf8'));
    throw cause ? new Error(`${cause}\n(all of it: ${logFile})`) : error;
  }
}

/** The compiler's words out of Nx's: from the command that failed to the stack behind it. */
export function compilerError(/** @type {string} */ log) {
  const [, output] = /^> node [^\n]+\n([^]*?)(?:^Caused by:|^Warning: command)/m.exec(log) ?? [];
  return output?.trim();
}
