import type { JsonSchema } from '@ganglion/contracts/contract-document';
import { ServiceError } from '@ganglion/contracts/errors';

type Fields = Readonly<Record<string, JsonSchema>>;

/** @source RFC 8259, section 6: numbers as JSON writes them. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Makes input fields of a query string, by the types of the schema. What does not read as its type stays text, and
 * validation says so.
 *
 * @throws ServiceError `invalid_encoding` when the percent-encoding is not UTF-8, `invalid_input` when a name that is no
 *   list comes twice.
 */
export function parseQuery(query: string, fields: Fields): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const text = equals < 0 ? '' : decode(pair.slice(equals + 1));
    addField(input, name, text, fields);
  }
  return input;
}

/** Adds a field that came as text; a list's values come one by one. */
export function addField(input: Record<string, unknown>, name: string, text: string, fields: Fields): void {
  const schema = Object.hasOwn(fields, name) ? fields[name] : undefined;
  const isList = typesOf(schema).includes('array');
  if (!isList && Object.hasOwn(input, name)) {
    throw new ServiceError('invalid_input', `"${name}" is given twice.`, {
      errors: [{ pointer: `/${name}`, detail: 'is given twice' }],
    });
  }
  if (!isList) define(input, name, coerce(text, schema));
  else {
    const items = (schema?.['items'] ?? {}) as JsonSchema;
    define(input, name, [...((input[name] as unknown[] | undefined) ?? []), coerce(text, items)]);
  }
}

/** An own property whatever its name is, `__proto__` among them: validation refuses it. */
function define(input: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(input, name, { value, enumerable: true, writable: true, configurable: true });
}

function coerce(text: string, schema: JsonSchema | undefined): unknown {
  const types = typesOf(schema);
  if ((types.includes('number') || types.includes('integer')) && NUMBER.test(text)) return Number(text);
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (types.includes('null') && text === 'null') return null;
  return text;
}

/** The types that a schema takes, whichever way it says so. */
function typesOf(schema: JsonSchema | undefined): readonly unknown[] {
  if (schema === undefined) return [];
  const { type, anyOf, oneOf } = schema as { type?: unknown; anyOf?: JsonSchema[]; oneOf?: JsonSchema[] };
  if (type !== undefined) return Array.isArray(type) ? type : [type];
  return [...(anyOf ?? []), ...(oneOf ?? [])].flatMap(typesOf);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw new ServiceError('invalid_encoding', 'The query string is not percent-encoded UTF-8.', { cause });
  }
}
