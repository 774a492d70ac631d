import { run } from './run.js';

// Whoever read the output has seen enough, as `head` does: nothing is left to say, and nothing more to do.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

// Ctrl-C is left to its default: the process dies by the signal, which a shell reads as 130.
process.exitCode = await run(process.argv.slice(2), process);
