import { readFile } from 'node:fs/promises';
import { Ganglion } from '@ganglion/client';
import { callOperation } from './api/call-operation.js';
import { findCommand } from './api/find-command.js';
import { readApi } from './api/read-api.js';
import { buildInputs } from './arguments/build-inputs.js';
import { readCommandLine, type GlobalOptions } from './arguments/command-line.js';
import { readFieldOptions } from './arguments/field-options.js';
import { Sources } from './arguments/sources.js';
import { describeFailure, ExitCode, UsageError } from './failure.js';
import { findEndpoint } from './find-endpoint.js';
import { describeOperation } from './help/describe-operation.js';
import { describeService } from './help/describe-service.js';
import { OVERVIEW } from './help/overview.js';
import { Reporter, type Streams } from './output/reporter.js';

/** What a command runs in; `process` is one. */
export interface Surroundings extends Streams {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  cwd(): string;
}

/** Runs one command line. @returns the exit code */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    return await runCommand(args, surroundings);
  } catch (error) {
    const { line, exitCode } = describeFailure(error);
    surroundings.stderr.write(`${line}\n`);
    return exitCode;
  }
}

async function runCommand(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { options, words } = readCommandLine(args);
  const { stdout, stderr } = surroundings;
  const [first] = words;
  if (options.version) return say(stdout, await readVersion());
  if (options.help && (first === undefined || first === 'services')) return say(stdout, OVERVIEW);
  if (first === undefined) {
    stderr.write(OVERVIEW);
    return ExitCode.usage;
  }
  const ganglion = await connect(options, surroundings);
  const reporter = new Reporter(surroundings, { json: options.json || !stdout.isTTY });
  if (first === 'services') return listServices(ganglion, { args, reporter });
  const api = await readApi(ganglion);
  const command = findCommand(api, words);
  if (command.kind === 'service') {
    const help = describeService(command.service);
    if (options.help) return say(stdout, help);
    stderr.write(help);
    return ExitCode.usage;
  }
  const { operation, wordCount } = command;
  if (options.help) return say(stdout, describeOperation(operation));
  const { positionals, fields } = readFieldOptions(args, operation.fields);
  const inputs = await buildInputs(
    operation,
    { positionals: positionals.slice(wordCount), fields, whole: options.input },
    { sources: new Sources(surroundings), note: (line) => stderr.write(`note: ${line}\n`) },
  );
  return callOperation(ganglion, operation, { inputs, reporter });
}

function say(stdout: Streams['stdout'], text: string): number {
  stdout.write(text);
  return ExitCode.ok;
}

async function connect(options: GlobalOptions, surroundings: Surroundings): Promise<Ganglion> {
  const endpoint = await findEndpoint(options, { env: surroundings.env, folder: surroundings.cwd() });
  return new Ganglion({ ...endpoint, timeoutMs: options.timeoutMs });
}

async function listServices(
  ganglion: Ganglion,
  { args, reporter }: { args: readonly string[]; reporter: Reporter },
): Promise<number> {
  const [, extra] = readFieldOptions(args, []).positionals;
  if (extra !== undefined) throw new UsageError(`services takes no arguments, and "${extra}" is one.`);
  reporter.services(await ganglion.services());
  return ExitCode.ok;
}

async function readVersion(): Promise<string> {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return `${(JSON.parse(manifest) as { version: string }).version}\n`;
}
