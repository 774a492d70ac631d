import { isDataRefused } from '@ganglion/persistence';
import type { Logger } from '@ganglion/service-kit/logger';
import { LOGGER } from '@ganglion/service-kit/tokens';
import type { JsMsg } from '@nats-io/jetstream';
import { Inject, Injectable } from '@nestjs/common';
import { PredictionRepository, type PredictionRow } from '../persistence/prediction.repository.js';
import { LedgerMetrics } from './ledger-metrics.js';
import { readPredictionEvent, type PredictionEvent } from './prediction-event.js';

/** What an event is once it was dealt with: committed, or given up because nobody can read it. */
export type Outcome = 'committed' | 'poison';

/** An event as it comes from the stream. */
export type EventMessage = Pick<JsMsg, 'data' | 'seq'>;

/**
 * Commits ledger events. Whatever in them can never be stored is logged by its id, counted and passed over, so that it
 * does not hold up the rest.
 */
@Injectable()
export class PredictionEvents {
  constructor(
    private readonly repository: PredictionRepository,
    private readonly metrics: LedgerMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @returns The outcome of each message, in order.
   * @throws ServiceError `ledger_unavailable` when the database is away: all may be sent again, for records are
   *   inserted once by their ids.
   */
  async commit(messages: readonly EventMessage[]): Promise<Outcome[]> {
    const events = messages.map((message) => this.read(message));
    const rowsByTenant = new Map<string, PredictionRow[]>();
    for (const { tenant, rows } of events.filter((event) => event !== undefined)) {
      const ofTenant = rowsByTenant.get(tenant) ?? [];
      rowsByTenant.set(tenant, [...ofTenant, ...rows]);
    }
    for (const [tenant, rows] of rowsByTenant) {
      const inserted = await this.insert(tenant, rows);
      this.metrics.recorded.inc({ policy: 'async' }, inserted);
    }
    return events.map((event) => (event === undefined ? 'poison' : 'committed'));
  }

  private read({ data, seq }: EventMessage): PredictionEvent | undefined {
    try {
      const event = readPredictionEvent(data);
      for (const refused of event.refused) this.giveUp({ streamSequence: seq, ...refused });
      return event;
    } catch (error) {
      this.giveUp({ streamSequence: seq, reason: String((error as Error).message) });
      return undefined;
    }
  }

  /** Rows that PostgreSQL refuses are found by halves, so that one costs a few statements more, not one a row. */
  private async insert(tenant: string, rows: readonly PredictionRow[]): Promise<number> {
    if (rows.length === 0) return 0;
    try {
      return await this.repository.insert(tenant, rows);
    } catch (error) {
      if (!isDataRefused(error)) throw error;
      if (rows.length === 1) {
        this.giveUp({ predictionId: rows[0]?.[0], reason: 'PostgreSQL refused a value' });
        return 0;
      }
      const half = rows.length >> 1;
      const [first, second] = [rows.slice(0, half), rows.slice(half)];
      return (await this.insert(tenant, first)) + (await this.insert(tenant, second));
    }
  }

  private giveUp(poison: Readonly<Record<string, unknown>>): void {
    this.metrics.poison.inc();
    this.logger.error(poison, 'A prediction that cannot be stored was given up');
  }
}
