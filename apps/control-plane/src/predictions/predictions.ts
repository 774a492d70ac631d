import type { OutputOf } from '@ganglion/contracts/capability';
import { ServiceError } from '@ganglion/contracts/errors';
import type { PredictionRecord } from '@ganglion/contracts/prediction-record';
import type { getPrediction } from '@ganglion/contracts/services/control-plane/predictions';
import { Injectable } from '@nestjs/common';
import { PredictionRepository, toPredictionRow } from '../persistence/prediction.repository.js';
import { LedgerMetrics } from './ledger-metrics.js';
import { toPrediction } from './prediction.js';
import { uuidv7TimeMs } from './uuidv7-time.js';

/** How long a prediction under the `async` policy may take to the ledger before its absence means something. */
const PENDING_MS = 60_000;
const RETRY_AFTER_MS = 1_000;

/** Commits predictions to the ledger and finds them again. */
@Injectable()
export class Predictions {
  constructor(
    private readonly repository: PredictionRepository,
    private readonly metrics: LedgerMetrics,
  ) {}

  /**
   * Commits records; when it returns, they are on disk. One that is there already counts as recorded.
   *
   * @throws ServiceError `ledger_unavailable` when they could not be committed.
   */
  async record(tenant: string, records: readonly PredictionRecord[]): Promise<number> {
    const inserted = await this.repository.insert(tenant, records.map(toPredictionRow));
    this.metrics.recorded.inc({ policy: 'before-answer' }, inserted);
    return records.length;
  }

  /** @throws ServiceError `prediction_pending` while an id is so young that its record may be under way, else `not_found`. */
  async get(tenant: string, id: string, now = Date.now()): Promise<OutputOf<typeof getPrediction>> {
    const found = await this.repository.find(tenant, id);
    if (found !== null) {
      const shadows = await this.repository.findShadows(tenant, id);
      return { ...toPrediction(found), ...(shadows.length > 0 && { shadows }) };
    }
    const ageMs = now - (uuidv7TimeMs(id) ?? -Infinity);
    if (Math.abs(ageMs) < PENDING_MS) {
      throw new ServiceError(
        'prediction_pending',
        'The answer was just given: its record may be under way.',
        {
          retryAfterMs: RETRY_AFTER_MS,
        },
      );
    }
    throw new ServiceError('not_found', `There is no prediction ${id}.`);
  }
}
