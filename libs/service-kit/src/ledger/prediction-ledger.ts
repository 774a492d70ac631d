import type { LedgerPolicy } from '@ganglion/contracts/capability';
import { ServiceError } from '@ganglion/contracts/errors';
import { recordPredictions } from '@ganglion/contracts/ledger';
import type { PredictionRecord } from '@ganglion/contracts/prediction-record';
import type { CallContext } from '../call-context.js';
import type { Caller } from '../caller.js';
import type { PredictionPublisher } from './prediction-publisher.js';

/** Brings predictions to the ledger, by the policy that their contract names. */
export class PredictionLedger {
  constructor(
    private readonly caller: Caller,
    private readonly publisher: PredictionPublisher,
  ) {}

  /**
   * @throws ServiceError `ledger_unavailable` when records could not be committed that must be before the answer: under
   *   `before-answer`, and such as are too large for an event.
   */
  async record(
    policy: LedgerPolicy,
    records: readonly PredictionRecord[],
    context: CallContext,
  ): Promise<void> {
    if (policy === 'async' && this.publisher.publish(context.tenant, records)) return;
    try {
      await this.caller.call(recordPredictions, { predictions: [...records] }, context);
    } catch (cause) {
      throw new ServiceError(
        'ledger_unavailable',
        'The answer could not be recorded, so it is withheld. Try again.',
        {
          cause,
          retryAfterMs: 1_000,
        },
      );
    }
  }
}
