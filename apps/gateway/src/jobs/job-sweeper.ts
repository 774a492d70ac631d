import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@ganglion/service-kit/logger';
import { LOGGER } from '@ganglion/service-kit/tokens';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DueSchedules } from '../persistence/system/due-schedules.js';
import { JobCare } from './job-care.js';
import { Republisher } from './republisher.js';

const INTERVAL_MS = 1_000;
const TIDY_EVERY_MS = 60_000;

/**
 * Keeps jobs on their way: every gateway has one, and none does another's work. It takes jobs from workers that died,
 * makes jobs of schedules, publishes what the stream does not hold, and forgets what has had its time.
 */
@Injectable()
export class JobSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private tidiedAt = -Infinity;

  constructor(
    private readonly care: JobCare,
    private readonly schedules: DueSchedules,
    private readonly republisher: Republisher,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const steps = [
      () => this.care.takeOver(),
      () => this.schedules.fire(),
      () => this.republisher.publish(),
      () => this.tidy(),
    ];
    while (!signal.aborted) {
      for (const step of steps) {
        await step().catch((error: unknown) =>
          this.logger.debug({ err: error }, 'A sweep of the jobs failed'),
        );
      }
      await sleep(INTERVAL_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async tidy(): Promise<void> {
    if (performance.now() - this.tidiedAt < TIDY_EVERY_MS) return;
    this.tidiedAt = performance.now();
    await this.care.tidy();
  }
}
