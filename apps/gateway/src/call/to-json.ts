import { ServiceError } from '@ganglion/contracts/errors';

/**
 * Writes a service's answer as JSON.
 *
 * @param hasBytes Whether it may hold bytes: they become base64, and media `{ "type", "base64" }`.
 * @throws ServiceError `bad_reply` when it holds what JSON cannot say.
 */
export function toJson(body: unknown, hasBytes: boolean): string {
  try {
    return JSON.stringify(body ?? null, hasBytes ? writeBytes : undefined);
  } catch (cause) {
    throw new ServiceError('bad_reply', 'The service gave an answer that JSON cannot say.', { cause });
  }
}

/** A replacer for `JSON.stringify`; it looks at the holder, for a Buffer has turned itself into a list of numbers by then. */
function writeBytes(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key];
  if (original instanceof Uint8Array) return toBase64(original);
  if (typeof original !== 'object' || original === null) return value;
  const { bytes, ...rest } = original as { bytes?: unknown };
  return bytes instanceof Uint8Array ? { ...rest, base64: toBase64(bytes) } : value;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
