import { ServiceError } from '@ganglion/contracts/errors';
import { DATA_SUBJECT } from '@ganglion/contracts/wire';

/**
 * Whom a request is about.
 *
 * @returns undefined when it does not say.
 * @throws ServiceError `malformed_request` when it is no id of a data subject.
 */
export function readSubject(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && DATA_SUBJECT.test(header)) return header;
  throw new ServiceError(
    'malformed_request',
    'Ganglion-Subject must be 1 to 255 visible ASCII characters without spaces: an id of yours, not a name.',
  );
}
