/** The program behind `ganglion models`: administers the models of this machine, whether anything runs or not. */
import { bundleModels } from './bundle-models.js';
import { Catalogue } from './catalogue.js';
import { HELP, readCommandLine } from './command-line.js';
import { listModels } from './list-models.js';
import { Output } from './output.js';
import { pruneCache } from './prune-cache.js';
import { pullModels } from './pull-models.js';
import { showModels } from './show-model.js';
import { UsageError } from './usage-error.js';

/** @returns The exit code. */
async function run(args: readonly string[]): Promise<number> {
  const line = readCommandLine(args);
  if (line.command === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  const json = line.json || !process.stdout.isTTY;
  const output = new Output(json);
  const catalogue = await Catalogue.read(line.folders);
  switch (line.command) {
    case 'list':
      await listModels(catalogue, output, json);
      return 0;
    case 'show':
      await showModels(catalogue.choose(line.ids), catalogue, output);
      return 0;
    case 'pull':
      await pullModels(line, catalogue, output);
      return 0;
    case 'verify': {
      // Only this one needs the engines, which take a second to load.
      const { verifyModels } = await import('./verify-models.js');
      return (await verifyModels(line.ids, catalogue, output)) ? 0 : 1;
    }
    case 'prune':
      await pruneCache(catalogue, line.isDryRun, output);
      return 0;
    case 'bundle':
      await bundleModels({ ids: line.ids, path: line.output ?? '' }, catalogue, output);
      return 0;
  }
}

// Whoever read the output has seen enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
