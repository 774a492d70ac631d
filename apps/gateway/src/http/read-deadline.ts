import { ServiceError } from '@ganglion/contracts/errors';

/**
 * How long the caller waits.
 *
 * @param header Value of `Ganglion-Deadline-Ms`, which may only shorten what the contract allows.
 * @throws ServiceError `malformed_request` when it is no count of milliseconds.
 */
export function readDeadlineMs(header: string | string[] | undefined, mostMs: number): number {
  if (header === undefined) return mostMs;
  if (typeof header === 'string' && /^[1-9]\d{0,9}$/.test(header)) return Math.min(Number(header), mostMs);
  throw new ServiceError(
    'malformed_request',
    'Ganglion-Deadline-Ms must be a whole number of milliseconds above zero.',
  );
}
