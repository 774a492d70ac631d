import type { Logger } from '@ganglion/service-kit/logger';
import { LOGGER } from '@ganglion/service-kit/tokens';
import { Inject, Injectable } from '@nestjs/common';
import { JobQueue } from '../persistence/system/job-queue.js';
import { JobChanges } from './job-changes.js';
import { JobRetention } from './job-retention.js';

/** Looks after jobs that nobody works for. */
@Injectable()
export class JobCare {
  constructor(
    private readonly queue: JobQueue,
    private readonly retention: JobRetention,
    private readonly changes: JobChanges,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async takeOver(): Promise<void> {
    const { requeued, ended } = await this.queue.takeOver();
    for (const id of [...requeued, ...ended]) this.changes.announce(id);
    if (requeued.length > 0)
      this.logger.warn({ jobs: requeued }, 'Jobs were taken from workers that say nothing');
    if (ended.length > 0) this.logger.error({ jobs: ended }, 'Jobs whose workers died were ended');
  }

  async tidy(): Promise<void> {
    for (const id of await this.queue.endOverdue()) this.changes.announce(id);
    await this.retention.apply();
  }
}
