import { existsSync } from 'node:fs';
import { mainField, type Field, type Operation } from '../api/operation.js';
import { UsageError } from '../failure.js';
import { usageOf } from '../help/usage-of.js';
import { toOption } from './field-options.js';
import { STDIN, type Sources } from './sources.js';

/** One call's input, and how to call it when there are several. */
export interface Input {
  readonly label: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Whether it is the other form of an input, `{ "inputs": [ … ] }`, which asks for many answers at once. */
export function isMany({ maxItems }: Operation, value: Input['value']): boolean {
  return maxItems !== undefined && Array.isArray(value['inputs']) && Object.keys(value).length === 1;
}

/** What the command line gives an operation. */
export interface Arguments {
  readonly positionals: readonly string[];
  readonly fields: ReadonlyMap<string, unknown>;
  /** File of the whole input. */
  readonly whole: string | undefined;
}

interface Means {
  readonly sources: Sources;
  /** Tells of what the caller may not have meant. */
  readonly note: (line: string) => void;
}

/**
 * Makes the inputs of a command line: one for each bare argument, or one of options and `--input` alone. A bare argument
 * fills the main field; for an operation without media a `.json` file is a whole input. Options overrule files.
 *
 * @throws UsageError when a file cannot be read, or an input lacks a field that it needs
 */
export async function buildInputs(
  operation: Operation,
  { positionals, fields, whole }: Arguments,
  { sources, note }: Means,
): Promise<readonly Input[]> {
  const base = whole === undefined ? {} : await sources.json(whole);
  const options = await readMedia(operation, fields, sources);
  if (positionals.length === 0)
    return [checkComplete(operation, { label: '', value: { ...base, ...options } })];
  const main = mainField(operation);
  if (main !== undefined && fields.has(main.name)) {
    throw new UsageError(`${main.name} is given twice: as ${toOption(main)} and as "${positionals[0]}".`);
  }
  const inputs: Input[] = [];
  for (const label of positionals) {
    const read = await readPositional(label, main, { sources, note });
    inputs.push(checkComplete(operation, { label, value: { ...base, ...read, ...options } }));
  }
  return inputs;
}

async function readMedia(
  { fields }: Operation,
  given: ReadonlyMap<string, unknown>,
  sources: Sources,
): Promise<Record<string, unknown>> {
  const media = new Set(fields.flatMap(({ name, mediaTypes }) => (mediaTypes === undefined ? [] : [name])));
  const read: Record<string, unknown> = {};
  for (const [name, value] of given) read[name] = media.has(name) ? await sources.blob(String(value)) : value;
  return read;
}

async function readPositional(
  argument: string,
  main: Field | undefined,
  { sources, note }: Means,
): Promise<Readonly<Record<string, unknown>>> {
  if (main?.mediaTypes !== undefined) return { [main.name]: await sources.blob(argument) };
  if (main === undefined || argument.endsWith('.json')) return sources.json(argument);
  if (argument === STDIN) return { [main.name]: await sources.text(STDIN) };
  if (existsSync(argument)) {
    note(`"${argument}" is sent as ${main.name}. To send what the file of that name holds: - < ${argument}`);
  }
  return { [main.name]: argument };
}

function checkComplete(operation: Operation, input: Input): Input {
  if (isMany(operation, input.value)) return input;
  const missing = operation.fields.filter(
    ({ name, isRequired }) => isRequired && !Object.hasOwn(input.value, name),
  );
  if (missing.length === 0) return input;
  const names = missing.map(({ name }) => name).join(', ');
  const what = input.label.endsWith('.json') ? `${input.label} lacks ${names}` : `${names} must be given`;
  throw new UsageError(`${what}: ${usageOf(operation)}`);
}
