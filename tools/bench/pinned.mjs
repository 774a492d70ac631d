import { spawnSync } from 'node:child_process';

/** Whether this machine can hold a program to one core: Linux with `taskset`. */
export const canPin =
  process.platform === 'linux' && spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0;

/**
 * The command line that runs a program, and all that it starts, on one core; as it is where `core` is left out or
 * nothing can be pinned.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {number} [core]
 * @returns {{ command: string, args: string[] }}
 */
export function pinned(command, args, core) {
  if (core === undefined || !canPin) return { command, args: [...args] };
  return { command: 'taskset', args: ['--cpu-list', String(core), command, ...args] };
}
