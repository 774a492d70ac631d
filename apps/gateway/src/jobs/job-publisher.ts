import { JOBS_STREAM, jobSubject } from '@ganglion/contracts/wire';
import { encode } from '@ganglion/service-kit/codec';
import { ensureJobsConsumer, ensureJobsStream } from '@ganglion/service-kit/jobs/job-stream';
import { NATS } from '@ganglion/service-kit/tokens';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { Inject, Injectable } from '@nestjs/common';

/** A job whose id goes to the workers. */
export interface QueuedJob {
  readonly tenantId: string;
  readonly id: string;
  readonly service: string;
  readonly class: string;
  /** Runs so far: each further one is announced by a message of its own. */
  readonly runs: number;
}

const ACK_TIMEOUT_MS = 5_000;

/** Puts ids of jobs into the stream. What does not arrive is published again by the sweeper. */
@Injectable()
export class JobPublisher {
  private manager: JetStreamManager | undefined;
  /** Consumers that are known to be there: what scales workers from zero looks at a consumer before any worker is. */
  private readonly consumers = new Set<string>();

  /** Tells a stream from the one before it: when it was made. Undefined while it is not known. */
  stream: string | undefined;

  constructor(@Inject(NATS) private readonly nats: NatsConnection) {}

  /** Makes the stream when it is not there, and looks which one it is. */
  async refresh(): Promise<string> {
    this.manager ??= await jetstreamManager(this.nats);
    const { created } = await ensureJobsStream(this.manager);
    if (created !== this.stream) this.consumers.clear();
    this.stream = created;
    return created;
  }

  /** @throws Error when the stream did not take it. */
  async publish({ tenantId, id, service, class: jobClass, runs }: QueuedJob): Promise<void> {
    this.manager ??= await jetstreamManager(this.nats);
    await this.ensureConsumer(this.manager, jobClass, service);
    const message = encode({ tenant: tenantId, id });
    await this.manager.jetstream().publish(jobSubject(jobClass, service), message, {
      msgID: `${id}.${runs}`,
      timeout: ACK_TIMEOUT_MS,
      expect: { streamName: JOBS_STREAM.name },
    });
  }

  private async ensureConsumer(manager: JetStreamManager, jobClass: string, service: string): Promise<void> {
    const subject = jobSubject(jobClass, service);
    if (this.consumers.has(subject)) return;
    await ensureJobsConsumer(manager, jobClass, service);
    this.consumers.add(subject);
  }
}
