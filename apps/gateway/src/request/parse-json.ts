import { isUtf8 } from 'node:buffer';
import { ServiceError } from '@ganglion/contracts/errors';
import { locateJsonError } from './locate-json-error.js';

/** Only a text with one of these can hold a lone surrogate or a key that could reach a prototype. */
const SUSPICIOUS = /\\u|__proto__|"constructor"/i;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Reads JSON from a body.
 *
 * @throws ServiceError `invalid_encoding` when it is not UTF-8 or a string is not Unicode, `malformed_request` when it is
 *   not JSON, with where it goes wrong, or holds a key that could reach a prototype.
 */
export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new ServiceError('invalid_encoding', 'The JSON is not valid UTF-8.');
  const text = withoutByteOrderMark(bytes.toString('utf8'));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ServiceError('malformed_request', `The JSON cannot be read: ${locateJsonError(text)}.`, {
      cause,
    });
  }
  if (SUSPICIOUS.test(text)) checkTree(value);
  return value;
}

function withoutByteOrderMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Walks without recursion: JSON may be nested deeper than the stack. */
function checkTree(root: unknown): void {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value === 'string') checkUnicode(value);
    else if (Array.isArray(value)) for (const item of value) pending.push(item);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        checkUnicode(key);
        checkKey(key, member);
        pending.push(member);
      }
    }
  }
}

function checkUnicode(text: string): void {
  if (!LONE_SURROGATE.test(text)) return;
  throw new ServiceError(
    'invalid_encoding',
    'A string holds half of a surrogate pair (such as "\\ud800"): it is no text.',
  );
}

function checkKey(key: string, member: unknown): void {
  const reachesPrototype =
    key === '__proto__' ||
    (key === 'constructor' &&
      typeof member === 'object' &&
      member !== null &&
      Object.hasOwn(member, 'prototype'));
  if (reachesPrototype) throw new ServiceError('malformed_request', `The JSON may not have a key "${key}".`);
}
