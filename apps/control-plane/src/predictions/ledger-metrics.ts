import type { Metrics } from '@ganglion/service-kit/metrics';
import { METRICS } from '@ganglion/service-kit/tokens';
import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';

/** What the ledger counts. */
@Injectable()
export class LedgerMetrics {
  readonly recorded: Counter<'policy'>;
  readonly poison: Counter;
  private readonly registry: Registry;

  constructor(@Inject(METRICS) metrics: Metrics) {
    this.registry = metrics.registry;
    this.recorded = new Counter({
      name: 'ganglion_ledger_predictions_recorded_total',
      help: 'Predictions committed to the ledger, without those that were there already.',
      labelNames: ['policy'] as const,
      registers: [this.registry],
    });
    this.poison = new Counter({
      name: 'ganglion_ledger_poison_total',
      help: 'Ledger events, or records in them, that can never be stored and were given up.',
      registers: [this.registry],
    });
  }

  /** @param count Asked at every scrape; NaN when it cannot be told. */
  watchBacklog(count: () => Promise<number>): void {
    new Gauge({
      name: 'ganglion_ledger_backlog',
      help: 'Ledger events in JetStream that are not committed yet.',
      registers: [this.registry],
      async collect() {
        this.set(await count());
      },
    });
  }
}
