import type { JsonSchema } from '../api/operation.js';
import { UsageError } from '../failure.js';

/** The JSON types that a schema admits; all of them when it does not say. */
export function typesOf(schema: JsonSchema): ReadonlySet<string> {
  const { type, anyOf, oneOf, enum: values, const: value } = schema;
  if (type !== undefined) return new Set([type].flat() as string[]);
  const choices = (anyOf ?? oneOf) as readonly JsonSchema[] | undefined;
  if (choices !== undefined) return new Set(choices.flatMap((choice) => [...typesOf(choice)]));
  const constants = (values ?? (value === undefined ? undefined : [value])) as readonly unknown[] | undefined;
  if (constants !== undefined) return new Set(constants.map(typeOf));
  return new Set(['string', 'number', 'boolean', 'object', 'array', 'null']);
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/**
 * Makes of a command line's text the value that a schema asks for. Ranges are the server's to judge.
 *
 * @param name What the text was given for, such as `--min-score`.
 * @throws UsageError when the text is none of what the schema admits
 */
export function coerceValue(schema: JsonSchema, text: string, name: string): unknown {
  const types = typesOf(schema);
  const choices = schema['enum'] as readonly unknown[] | undefined;
  const read = readings(text).find((reading) => types.has(typeOf(reading)) || isInteger(reading, types));
  const value = read === undefined ? text : read;
  if ((read !== undefined || types.has('string')) && (choices === undefined || choices.includes(value)))
    return value;
  throw new UsageError(`${name} takes ${describeType(schema)}, not "${text}".`);
}

/** What else than text a text may be meant as. */
function readings(text: string): unknown[] {
  const number = text.trim() === '' ? NaN : Number(text);
  const json = /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
  return [
    ...(Number.isFinite(number) ? [number] : []),
    ...(text === 'true' || text === 'false' ? [text === 'true'] : []),
    ...(text === 'null' ? [null] : []),
    ...(json === undefined ? [] : [json]),
  ];
}

/** Whether it is a whole one is the server's to say, as ranges are. */
function isInteger(value: unknown, types: ReadonlySet<string>): boolean {
  return typeof value === 'number' && types.has('integer');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const NAMES: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  string: 'text',
  object: 'a JSON object',
  array: 'a JSON list',
  null: 'null',
};

/** What a schema takes, in words: `a number from 0.01 to 1`. */
export function describeType(schema: JsonSchema): string {
  if (Array.isArray(schema['enum'])) return schema['enum'].map(String).join(' or ');
  const names = [...typesOf(schema)].map((type) => NAMES[type] ?? type).join(' or ');
  return `${names}${describeRange(schema)}`;
}

/** zod writes the whole range of safe integers where a contract says none. */
function describeRange({ minimum, maximum }: JsonSchema): string {
  const from = typeof minimum === 'number' && minimum > Number.MIN_SAFE_INTEGER ? ` from ${minimum}` : '';
  const to = typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER ? ` to ${maximum}` : '';
  return from === '' && to !== '' ? ` up${to}` : `${from}${to}`;
}
