import type { IncomingMessage } from 'node:http';
import { uuidv7 } from '@ganglion/contracts/uuidv7';

/** A request is cancelled by its id, so that an id must be hard to guess, and one token of a NATS subject. */
const SANE = /^[A-Za-z0-9_-]{16,64}$/;

/** The client's `X-Request-Id` where it will do, or a new UUIDv7. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && SANE.test(given) ? given : uuidv7();
}
