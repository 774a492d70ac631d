import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { UsageError } from './failure.js';
import type { Surroundings } from './run.js';

/** Administers the models of a machine; it needs no server, and the runtime that this package does not bring. */
const PROGRAM = '@ganglion/inference/models-program';

/**
 * Runs `ganglion models …` by the runtime's own program, which has this terminal meanwhile.
 *
 * @returns Its exit code.
 * @throws UsageError where the runtime is not installed.
 */
export async function administerModels(
  args: readonly string[],
  { env, cwd }: Pick<Surroundings, 'env' | 'cwd'>,
): Promise<number> {
  const program = findProgram();
  const child = spawn(process.execPath, [program, ...args], { env, cwd: cwd(), stdio: 'inherit' });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  // The terminal sends Ctrl-C to both: the program decides what comes of it.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, pass);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
    });
  } finally {
    for (const signal of signals) process.off(signal, pass);
  }
}

function findProgram(): string {
  try {
    return fileURLToPath(import.meta.resolve(PROGRAM));
  } catch {
    throw new UsageError(
      'models are administered where they run: @ganglion/inference is not installed beside this command line. Call it in a clone of Ganglion.',
    );
  }
}
