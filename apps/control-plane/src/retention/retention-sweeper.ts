import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@ganglion/service-kit/logger';
import type { Metrics } from '@ganglion/service-kit/metrics';
import { purgedRowsCounter } from '@ganglion/service-kit/purged-rows';
import { LOGGER, METRICS } from '@ganglion/service-kit/tokens';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PredictionPurge } from '../persistence/system/prediction-purge.js';

const INTERVAL_MS = 60_000;

/** Forgets, every minute, the predictions that have had their time. */
@Injectable()
export class RetentionSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private readonly purged: ReturnType<typeof purgedRowsCounter>;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly purge: PredictionPurge,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Metrics,
  ) {
    this.purged = purgedRowsCounter(metrics.registry);
  }

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.sweep().catch((error: unknown) =>
        this.logger.warn({ err: error }, 'Old predictions could not be removed'),
      );
      await sleep(INTERVAL_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async sweep(): Promise<void> {
    for await (const count of this.purge.run()) {
      this.purged.inc({ table: 'predictions' }, count);
      if (this.stopping.signal.aborted) return;
    }
  }
}
