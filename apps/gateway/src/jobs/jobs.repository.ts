import type { BlobRef } from '@ganglion/contracts/media';
import { ServiceError, toProblem } from '@ganglion/contracts/errors';
import { reachLedger, tenantTransaction } from '@ganglion/persistence';
import type { PackedBody } from '@ganglion/service-kit/message-body';
import { Injectable } from '@nestjs/common';
import { DataSource, LessThan, type EntityManager, type FindOptionsWhere } from 'typeorm';
import { IdempotencyKeys, type Claim, type KeyUse } from '../idempotency/idempotency-keys.repository.js';
import { Bodies } from '../persistence/bodies.js';
import { JobEntity } from '../persistence/job.entity.js';
import { JobPartEntity } from '../persistence/job-part.entity.js';
import { endJob } from './end-job.js';

/** What of a job is known before it is made. */
export type NewJob = Pick<
  JobEntity,
  | 'tenantId'
  | 'id'
  | 'service'
  | 'operation'
  | 'class'
  | 'requestId'
  | 'keyId'
  | 'traceparent'
  | 'model'
  | 'subject'
  | 'timeoutMs'
  | 'retainDays'
  | 'publishedTo'
> & {
  readonly input: PackedBody;
  readonly refused: Uint8Array | null;
  /** Blobs inside the input: the job holds them from here on. */
  readonly leases: readonly BlobRef[];
};

const INSERT = `
  INSERT INTO edge.jobs (tenant_id, id, service, operation, class, request_id, key_id, traceparent, model, timeout_ms,
    retain_days, input, input_ref, refused, published_to, subject, published_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
    CASE WHEN $15::text IS NOT NULL THEN now() END)`;

/** Writes the row of a job, in the transaction of whatever asks for it. */
export async function insertJob(manager: EntityManager, bodies: Bodies, job: NewJob): Promise<void> {
  await manager.query(INSERT, [
    job.tenantId,
    job.id,
    job.service,
    job.operation,
    job.class,
    job.requestId,
    job.keyId,
    job.traceparent,
    job.model,
    job.timeoutMs,
    job.retainDays,
    job.input.data,
    job.input.ref ?? null,
    job.refused,
    job.publishedTo,
    job.subject,
  ]);
  await bodies.hold(manager, job, 'input', [job.input.ref, ...job.leases]);
}

/** The jobs of one tenant at a time. */
@Injectable()
export class JobRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly bodies: Bodies,
    private readonly keys: IdempotencyKeys,
  ) {}

  /** Commits a job and, where there is one, the claim of its idempotency key; whoever came first has the job. */
  insert(job: NewJob, use: KeyUse | undefined): Promise<Claim | undefined> {
    return this.inTenant(job.tenantId, async (manager) => {
      const claim = use && (await this.keys.claimIn(manager, use, job.id));
      if (claim?.kind !== 'theirs') await insertJob(manager, this.bodies, job);
      return claim;
    });
  }

  find(tenantId: string, id: string): Promise<JobEntity | null> {
    return this.inTenant(tenantId, (manager) => manager.findOneBy(JobEntity, { tenantId, id }));
  }

  /** Newest first. @param after Id of a job that all of the page are older than. */
  page(
    where: FindOptionsWhere<JobEntity> & { tenantId: string },
    limit: number,
    after: string | undefined,
  ): Promise<JobEntity[]> {
    const older = { ...where, ...(after !== undefined && { id: LessThan(after) }) };
    return this.inTenant(where.tenantId, (manager) =>
      manager.find(JobEntity, { where: older, order: { id: 'DESC' }, take: limit }),
    );
  }

  /** @param from Index of the first. */
  partsFrom(tenantId: string, jobId: string, from: number): Promise<JobPartEntity[]> {
    return this.inTenant(tenantId, (manager) =>
      manager
        .createQueryBuilder(JobPartEntity, 'part')
        .where('part.tenant_id = :tenantId AND part.job_id = :jobId AND part.index >= :from', {
          tenantId,
          jobId,
          from,
        })
        .orderBy('part.index')
        .take(100)
        .getMany(),
    );
  }

  /** Ends a job that waits; asks a run to end. @returns The job as it is then; `null` when there is none. */
  async cancel(tenantId: string, id: string): Promise<JobEntity | null> {
    const error = new ServiceError('cancelled', 'The job was cancelled before it ran.');
    const outcome = await this.bodies.pack(tenantId, toProblem(error));
    let released: BlobRef[] = [];
    const job = await this.inTenant(tenantId, async (manager) => {
      const found = await manager.findOne(JobEntity, {
        where: { tenantId, id },
        lock: { mode: 'pessimistic_write' },
      });
      if (found?.state === 'queued') {
        const end = { state: 'cancelled', outcome } as const;
        released = (await endJob(manager, this.bodies, { tenantId, id, run: null }, end)) ?? [];
      } else if (found?.state === 'running') {
        await manager.update(JobEntity, { tenantId, id }, { isCancelRequested: true });
      }
      return found && manager.findOneBy(JobEntity, { tenantId, id });
    });
    await this.bodies.release(tenantId, released);
    return job;
  }

  /** Puts a dead letter back into its queue. @returns `null` when there is none of that id. */
  replay(tenantId: string, id: string): Promise<JobEntity | null> {
    return this.inTenant(tenantId, async (manager) => {
      const [rows] = await manager.query(REPLAY, [tenantId, id]);
      return rows.length === 0 ? null : manager.findOneBy(JobEntity, { tenantId, id });
    });
  }

  private inTenant<T>(tenantId: string, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return reachLedger(tenantTransaction(this.dataSource, tenantId, work));
  }
}

const REPLAY = `
  UPDATE edge.jobs SET state = 'queued', is_dead = false, crashes = 0, retries = 0, outcome = NULL,
    outcome_ref = NULL, ended_at = NULL, expires_at = NULL, is_cancel_requested = false, published_at = NULL,
    published_to = NULL, run_after = now(), queued_at = now()
  WHERE tenant_id = $1 AND id = $2 AND is_dead RETURNING id`;
