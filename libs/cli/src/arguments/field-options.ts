import type { Field } from '../api/operation.js';
import { UsageError } from '../failure.js';
import { coerceValue, typesOf } from './coerce-value.js';
import { GLOBAL_OPTIONS, readTokens, unknownOption, type OptionToken } from './command-line.js';

/** What the operation's own options say. */
export interface FieldOptions {
  readonly positionals: readonly string[];
  /** By field; a file's path where the field is media. */
  readonly fields: ReadonlyMap<string, unknown>;
}

/** A field as an option: `minScore` is `--min-score`. */
export function optionName(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll('_', '-');
}

/** Whether an option of every command takes the field's name. */
export function isHidden({ name }: Field): boolean {
  return Object.hasOwn(GLOBAL_OPTIONS, optionName(name));
}

/**
 * Reads the whole command line again, now that the operation's fields are known.
 *
 * @throws UsageError when an option is unknown, given twice, or its value does not fit its field
 */
export function readFieldOptions(args: readonly string[], fields: readonly Field[]): FieldOptions {
  const taken = fields.filter((field) => !isHidden(field));
  // Both ways to write a name: as an option, and as the API has it.
  const byOption = new Map(taken.flatMap((field) => namesOf(field).map((name) => [name, field] as const)));
  const types = [...byOption].map(([name, field]) => [name, { type: isFlag(field) ? 'boolean' : 'string' }]);
  const tokens = readTokens(args, { ...Object.fromEntries(types), ...GLOBAL_OPTIONS });
  const given = new Map<Field, OptionToken[]>();
  for (const token of tokens) {
    if (token.kind !== 'option' || Object.hasOwn(GLOBAL_OPTIONS, token.name)) continue;
    const field = byOption.get(token.name);
    if (field === undefined) throw unknownOption(token.rawName, taken.map(toOption));
    given.set(field, [...(given.get(field) ?? []), token]);
  }
  const positionals = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  return {
    positionals,
    fields: new Map([...given].map(([field, options]) => [field.name, readField(field, options)])),
  };
}

function namesOf({ name }: Field): string[] {
  return [...new Set([optionName(name), name])];
}

export function toOption({ name }: Field): string {
  return `--${optionName(name)}`;
}

function isFlag({ schema }: Field): boolean {
  const types = typesOf(schema);
  return types.has('boolean') && types.size === 1;
}

/** A list is one value after the other under the same name, or JSON. */
function readField(field: Field, options: readonly OptionToken[]): unknown {
  const { schema, mediaTypes } = field;
  const [{ rawName } = { rawName: toOption(field) }] = options;
  const [first = '', ...others] = options.map((option) => readText(field, option));
  const types = typesOf(schema);
  if (mediaTypes === undefined && types.has('array') && (others.length > 0 || !types.has('string'))) {
    if (others.length === 0 && first.trimStart().startsWith('[')) return coerceValue(schema, first, rawName);
    const items = listItems(schema);
    return [first, ...others].map((value) => coerceValue(items, value, rawName));
  }
  if (others.length > 0) throw new UsageError(`${rawName} is given twice, and takes one value.`);
  return mediaTypes === undefined ? coerceValue(schema, first, rawName) : first;
}

function readText(field: Field, { rawName, value }: OptionToken): string {
  if (value !== undefined) return value;
  if (isFlag(field)) return 'true';
  throw new UsageError(`${rawName} needs a value.`);
}

function listItems(schema: Field['schema']): Field['schema'] {
  const choices = (schema['anyOf'] ?? schema['oneOf'] ?? [schema]) as readonly Field['schema'][];
  const list = choices.find(({ items }) => items !== undefined);
  return (list?.['items'] ?? {}) as Field['schema'];
}
