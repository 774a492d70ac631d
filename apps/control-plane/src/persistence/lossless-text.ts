import type { ValueTransformer } from 'typeorm';

/**
 * PostgreSQL stores neither U+0000 nor half of a surrogate pair, in `text` as in `jsonb`, but callers send them. They
 * are written as SUBSTITUTE (U+001A) and four hex digits; so is a SUBSTITUTE itself, which keeps it unambiguous.
 */
const UNSTORABLE = /[\u0000\u001a]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const ESCAPED = /\u001a([0-9a-f]{4})/g;

/** Any JavaScript string as one that PostgreSQL stores. */
export function escapeText(text: string): string {
  return text.replace(UNSTORABLE, (unit) => `\u001a${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The string that {@link escapeText} was given. */
export function unescapeText(text: string): string {
  return text.replace(ESCAPED, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** For columns of type `text`. */
export const losslessText: ValueTransformer = {
  to: (text: string | null) => text && escapeText(text),
  from: (text: string | null) => text && unescapeText(text),
};
