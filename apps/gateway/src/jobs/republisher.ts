import { Injectable } from '@nestjs/common';
import { NatsLink } from '../call/nats-link.js';
import { JobQueue } from '../persistence/system/job-queue.js';
import { JobPublisher } from './job-publisher.js';

/** A message of that age may be lost. One that only waits is not doubled: the stream knows ids for longer than that. */
const REPUBLISH_AFTER_MS = 30_000;

/** Fills the stream from the ledger: with what was never published, and with what the stream has lost. */
@Injectable()
export class Republisher {
  constructor(
    private readonly queue: JobQueue,
    private readonly publisher: JobPublisher,
    private readonly link: NatsLink,
  ) {}

  async publish(): Promise<void> {
    if (!this.link.isConnected) return;
    const stream = await this.publisher.refresh();
    const jobs = await this.queue.takeUnpublished(stream, REPUBLISH_AFTER_MS);
    const published = await Promise.allSettled(jobs.map((job) => this.publisher.publish(job)));
    const failed = jobs.filter((_, index) => published[index]?.status === 'rejected');
    await this.queue.noteUnpublished(failed.map(({ id }) => id));
  }
}
