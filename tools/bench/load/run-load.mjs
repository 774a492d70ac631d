import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pinned } from '../pinned.mjs';

/**
 * Gives a plan to a load that runs as a process of its own, and waits for its result.
 *
 * @template Result
 * @param {string} program a file beside this one
 * @param {object} plan
 * @param {number} [core] the one that the load may use
 * @returns {Promise<Result>}
 */
export function runLoad(program, plan, core) {
  const { command, args } = pinned(process.execPath, [], core);
  const file = fileURLToPath(new URL(program, import.meta.url));
  const child = fork(file, [], { execPath: command, execArgv: args, serialization: 'advanced' });
  return new Promise((resolve, reject) => {
    child.once('message', (result) => resolve(/** @type {any} */ (result)));
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`the load ended: ${signal ?? `code ${code}`}`)));
    child.send(plan);
  });
}
