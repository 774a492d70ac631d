import { ServiceError } from '@ganglion/contracts/errors';

/** Says that an answer was given before. */
export const REPLAYED_HEADER = 'idempotency-replayed';

/** Visible ASCII. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** What PUT, DELETE and GET do is the same when it is done again: they need no key, and take one without effect. */
const METHODS = new Set(['POST', 'PATCH']);

/**
 * The key under which a request is answered once.
 *
 * @returns undefined when it has none, or its method needs none.
 * @throws ServiceError `malformed_request` when it is no key.
 */
export function readIdempotencyKey(
  method: string,
  header: string | readonly string[] | undefined,
): string | undefined {
  if (header === undefined || !METHODS.has(method)) return undefined;
  if (typeof header === 'string' && KEY.test(header)) return header;
  throw new ServiceError(
    'malformed_request',
    'Idempotency-Key must be 1 to 255 visible ASCII characters without spaces, such as a UUID.',
  );
}
