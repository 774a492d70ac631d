import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { REPOSITORY } from './repository.mjs';

/**
 * `onLine` sees each line of standard output.
 *
 * @typedef {{
 *   args: string[], logFile: string, signal?: AbortSignal, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void,
 * }} ProgramOptions
 */

/**
 * Runs a Node program to its end, with all its output in a log file; an abort ends it with whatever it started.
 *
 * @param {string} script
 * @param {ProgramOptions} options
 * @throws ProgramFailure with the end of its output
 */
export async function runNode(script, { args, logFile, signal, env, onLine }) {
  signal?.throwIfAborted();
  const child = spawn(process.execPath, [script, ...args], {
    cwd: REPOSITORY,
    env: env ?? process.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(logFile, { flags: 'w', mode: 0o600 });
  /** @type {string[]} */
  const tail = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      tail.push(line);
      if (tail.length > 30) tail.shift();
      if (stream === child.stdout) onLine?.(line);
    });
  }
  const end = () => child.pid && process.kill(-child.pid, 'SIGTERM');
  signal?.addEventListener('abort', end, { once: true });
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (exitCode, exitSignal) => resolve(exitCode ?? exitSignal));
  });
  signal?.removeEventListener('abort', end);
  log.end();
  signal?.throwIfAborted();
  if (code !== 0) throw new ProgramFailure(tail.join('\n'), logFile);
}

/** A program that ended badly: the last lines that it wrote, and where all of them are. */
export class ProgramFailure extends Error {
  /**
   * @param {string} output
   * @param {string} logFile
   */
  constructor(output, logFile) {
    super(`${output.split('\n').slice(-12).join('\n')}\n(all of it: ${logFile})`);
    this.output = output;
    this.logFile = logFile;
  }
}
