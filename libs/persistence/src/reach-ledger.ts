import { ServiceError } from '@ganglion/contracts/errors';
import { isDatabaseUnavailable } from './database-error.js';

/**
 * Waits for work on the database.
 *
 * @throws ServiceError `ledger_unavailable` when the database is away or too slow; other errors as they are.
 */
export async function reachLedger<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (!isDatabaseUnavailable(cause)) throw cause;
    throw new ServiceError('ledger_unavailable', 'The database cannot be reached just now. Try again.', {
      cause,
      retryAfterMs: 1_000,
    });
  }
}
