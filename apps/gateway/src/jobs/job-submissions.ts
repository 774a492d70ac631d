import { ServiceError } from '@ganglion/contracts/errors';
import type { BlobRef } from '@ganglion/contracts/media';
import type { Logger } from '@ganglion/service-kit/logger';
import { LOGGER } from '@ganglion/service-kit/tokens';
import { Inject, Injectable } from '@nestjs/common';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import type { CallOrigin } from '../call/operation-calls.js';
import type { KeyUse } from '../idempotency/idempotency-keys.repository.js';
import { Bodies } from '../persistence/bodies.js';
import type { IdempotencyKeyEntity } from '../persistence/idempotency-key.entity.js';
import type { CheckedInput } from '../request/check-input.js';
import type { Operation } from '../routes/operation.js';
import { JobPublisher } from './job-publisher.js';
import { JobRepository, type NewJob } from './jobs.repository.js';
import { packRefused } from './refused-items.js';

/** A call whose input is read and checked. */
export interface ReadCall {
  readonly operation: Operation;
  readonly input: CheckedInput;
  readonly origin: CallOrigin;
  /** Blobs of the request: a job that is made of it takes them over, and leaves the list empty. */
  readonly leases: BlobRef[];
}

/** Makes jobs of calls. */
@Injectable()
export class JobSubmissions {
  constructor(
    private readonly repository: JobRepository,
    private readonly bodies: Bodies,
    private readonly publisher: JobPublisher,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Commits a job, together with its key where there is one.
   *
   * @returns The id of the job, or what an earlier request made of the key.
   * @throws ServiceError `ledger_unavailable`
   */
  async submit(call: ReadCall, use: KeyUse | undefined): Promise<string | IdempotencyKeyEntity> {
    const job = await this.newJob(call);
    const requestLeases = call.leases.splice(0);
    // Should this fail, nobody knows whether it was committed: blobs that no row holds are swept away later.
    const claim = await this.repository.insert(job, use);
    if (claim?.kind === 'theirs') {
      call.leases.push(...requestLeases);
      await this.bodies.release(job.tenantId, [job.input.ref]);
      return claim.row;
    }
    this.publish(job);
    return job.id;
  }

  private async newJob({ operation, input, origin, leases }: ReadCall): Promise<NewJob> {
    const { service, capability } = operation;
    const { job: policy } = capability;
    if (!policy) throw new ServiceError('unknown_option', 'This operation cannot run as a job.');
    const value = input.kind === 'one' ? input.value : { inputs: input.items };
    return {
      tenantId: origin.tenant,
      id: uuidv7(),
      service,
      operation: capability.operation,
      class: policy.class,
      requestId: origin.requestId,
      keyId: origin.keyId,
      traceparent: origin.traceparent ?? null,
      model: origin.model ?? null,
      subject: origin.subject ?? null,
      timeoutMs: policy.timeoutMs,
      retainDays: policy.retainDays,
      publishedTo: this.publisher.stream ?? null,
      input: await this.bodies.pack(origin.tenant, value),
      refused: packRefused(input, origin.requestId),
      leases: [...leases],
    };
  }

  /** The job is accepted already: should this fail, the sweeper publishes it. */
  private publish(job: NewJob): void {
    this.publisher.publish({ ...job, runs: 0 }).catch((error: unknown) => {
      this.logger.debug({ err: error, jobId: job.id }, 'A job could not be published; the sweeper will');
    });
  }
}
