import { parseArgs } from 'node:util';
import { UsageError } from './usage-error.js';

export const HELP = `ganglion models <command> [options]

  list                        every model: id, version, task, size, licence, state
  show <id>                   one model's card
  pull [<id> ...]             fetches what is missing; without ids, of the models that serve by default
    --from <bundle>             out of a bundle; nothing is contacted
    --dry-run                   only says how much would come
  verify [<id> ...]           compares every cached file with its sha256, deletes what is damaged, and runs the probes
  prune [--dry-run]           deletes what no manifest and no sample refers to
  bundle [<id> ...] -o <file> writes models into one file, for a machine without a network

  --folder <folder>           manifests of this app; again for more; the apps of this clone unless told otherwise
  --json                      a line of JSON each; so it is where the output is no terminal

Manifests in the folders of GANGLION_MODELS are read as well. docs/models.md tells more.
Exit codes: 0 done; 1 failed, or something is wrong with a model; 2 wrong usage.
`;

export const COMMANDS = ['list', 'show', 'pull', 'verify', 'prune', 'bundle'] as const;

export interface CommandLine {
  readonly command: (typeof COMMANDS)[number] | 'help';
  readonly ids: readonly string[];
  readonly folders: readonly string[];
  readonly json: boolean;
  readonly isDryRun: boolean;
  /** Of `pull`: a bundle. */
  readonly from: string | undefined;
  /** Of `bundle`: where it is written. */
  readonly output: string | undefined;
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  folder: { type: 'string', multiple: true },
  'dry-run': { type: 'boolean' },
  from: { type: 'string' },
  output: { type: 'string', short: 'o' },
} as const;

/** Options that only some commands take. */
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  'dry-run': ['pull', 'prune'],
  from: ['pull'],
  output: ['bundle'],
};

/** @throws UsageError */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  const [word, ...ids] = positionals;
  if (values.help || word === undefined) return { ...toOptions(values), command: 'help', ids: [] };
  const command = COMMANDS.find((one) => one === word);
  if (command === undefined)
    throw new UsageError(`There is no "models ${word}", only ${COMMANDS.join(', ')}.`);
  for (const [option, commands] of Object.entries(TAKEN)) {
    if (option in values && !commands.includes(command))
      throw new UsageError(`models ${command} takes no --${option}.`);
  }
  checkIds(command, ids);
  if (command === 'bundle' && !values.output) throw new UsageError('models bundle needs -o <file>.');
  return { ...toOptions(values), command, ids };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function toOptions(values: ReturnType<typeof parse>['values']): Omit<CommandLine, 'command' | 'ids'> {
  return {
    folders: values.folder ?? [],
    json: values.json ?? false,
    isDryRun: values['dry-run'] ?? false,
    from: values.from,
    output: values.output,
  };
}

function checkIds(command: string, ids: readonly string[]): void {
  if (command === 'show' && ids.length !== 1) throw new UsageError('models show takes one id.');
  if (['list', 'prune'].includes(command) && ids.length > 0)
    throw new UsageError(`models ${command} takes no arguments, and "${ids[0]}" is one.`);
}
