import { ServiceError } from '@ganglion/contracts/errors';
import type { ValueTransformer } from 'typeorm';
import { escapeText, unescapeText } from './lossless-text.js';

/** Keys that mark what JSON lacks. No caller's key equals one: a U+001A in a caller's key is escaped. */
const NUMBER = '\u001anumber';
const BIGINT = '\u001abigint';
const BYTES = '\u001abytes';

/** Deeper values would overflow the stack here or in PostgreSQL. */
const MAX_DEPTH = 500;

/**
 * What a MessagePack body can hold as a value that `jsonb` stores.
 *
 * @throws ServiceError `invalid_input` when it is nested deeper than 500 levels.
 */
export function toStorableJson(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) {
    throw new ServiceError('invalid_input', `A recorded value is nested deeper than ${MAX_DEPTH} levels.`);
  }
  switch (typeof value) {
    case 'string':
      return escapeText(value);
    case 'number':
      if (Object.is(value, -0)) return { [NUMBER]: '-0' };
      return Number.isFinite(value) ? value : { [NUMBER]: String(value) };
    case 'bigint':
      return { [BIGINT]: String(value) };
    case 'object':
      return value === null ? null : toStorableObject(value, depth);
    default:
      return value;
  }
}

function toStorableObject(value: object, depth: number): unknown {
  if (value instanceof Uint8Array) return { [BYTES]: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map((item) => toStorableJson(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [escapeText(key), toStorableJson(item, depth + 1)]),
  );
}

/** The value that {@link toStorableJson} was given. */
export function fromStorableJson(value: unknown): unknown {
  if (typeof value === 'string') return unescapeText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(fromStorableJson);
  const entries = Object.entries(value);
  const [first] = entries;
  switch (first?.[0]) {
    case NUMBER:
      return Number(first[1]);
    case BIGINT:
      return BigInt(first[1]);
    case BYTES:
      return new Uint8Array(Buffer.from(first[1], 'base64'));
    default:
      return Object.fromEntries(entries.map(([key, item]) => [unescapeText(key), fromStorableJson(item)]));
  }
}

/** For columns of type `jsonb`. */
export const losslessJson: ValueTransformer = { to: toStorableJson, from: fromStorableJson };
