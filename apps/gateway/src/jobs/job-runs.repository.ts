import type { BlobRef } from '@ganglion/contracts/media';
import { reachLedger, tenantTransaction } from '@ganglion/persistence';
import type { PackedBody } from '@ganglion/service-kit/message-body';
import { encode } from '@ganglion/service-kit/codec';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Bodies, type Holder } from '../persistence/bodies.js';
import { JobEntity, type Progress } from '../persistence/job.entity.js';
import { endJob, type JobEnd } from './end-job.js';

export interface RunReport {
  readonly id: string;
  readonly run: number;
  readonly leaseMs: number;
  readonly progress?: Progress | undefined;
  readonly part?: { readonly index: number; readonly value: unknown } | undefined;
  readonly checkpoint?: { readonly body: PackedBody; readonly parts: number } | undefined;
}

export interface KeptReport {
  readonly isCancelRequested: boolean;
  /** The checkpoint before this one. */
  readonly released: readonly BlobRef[];
}

/** A worker that did not hear the answer asks again by the same name, and gets the same run. */
const LEASE = `
  UPDATE edge.jobs SET state = 'running', runs = runs + (state = 'queued')::int, worker = $3,
    lease_until = now() + $4 * interval '1 ms', started_at = COALESCE(started_at, now())
  WHERE tenant_id = $1 AND id = $2
    AND ((state = 'queued' AND run_after <= now()) OR (state = 'running' AND worker = $3))
  RETURNING id`;

const REPORT = `
  UPDATE edge.jobs SET lease_until = now() + $4 * interval '1 ms', progress = COALESCE($5, progress),
    parts = GREATEST(parts, $6), checkpoint = COALESCE($7, checkpoint),
    checkpoint_ref = CASE WHEN $7::bytea IS NULL THEN checkpoint_ref ELSE $8 END,
    checkpoint_parts = COALESCE($9, checkpoint_parts)
  WHERE tenant_id = $1 AND id = $2 AND runs = $3 AND state = 'running'
  RETURNING is_cancel_requested AS "isCancelRequested"`;

const ADD_PART = `
  INSERT INTO edge.job_parts (tenant_id, job_id, index, value) VALUES ($1, $2, $3, $4)
  ON CONFLICT (job_id, index) DO NOTHING`;

const REQUEUE = `
  UPDATE edge.jobs SET state = 'queued', retries = retries + 1, lease_until = NULL, worker = NULL,
    run_after = now() + $4 * interval '1 ms', queued_at = now(), published_at = NULL, published_to = NULL
  WHERE tenant_id = $1 AND id = $2 AND runs = $3 AND state = 'running'`;

/** The runs of one tenant's jobs, each fenced by its number. */
@Injectable()
export class JobRunRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly bodies: Bodies,
  ) {}

  find(tenantId: string, id: string): Promise<JobEntity | null> {
    return this.inTenant(tenantId, (manager) => manager.findOneBy(JobEntity, { tenantId, id }));
  }

  /** @returns `null` when the job is nobody's to take. */
  lease(tenantId: string, id: string, worker: string, leaseMs: number): Promise<JobEntity | null> {
    return this.inTenant(tenantId, async (manager) => {
      const [rows] = await manager.query(LEASE, [tenantId, id, worker, leaseMs]);
      return rows.length === 0 ? null : manager.findOneBy(JobEntity, { tenantId, id });
    });
  }

  /** @returns `undefined` when the run is not the job's any more. */
  report(tenantId: string, report: RunReport): Promise<KeptReport | undefined> {
    const { id, run, leaseMs, progress, part, checkpoint } = report;
    const holder = { tenantId, id };
    return this.inTenant(tenantId, async (manager) => {
      const [[kept]] = await manager.query(REPORT, [
        tenantId,
        id,
        run,
        leaseMs,
        progress && JSON.stringify(progress),
        part === undefined ? 0 : part.index + 1,
        checkpoint?.body.data,
        checkpoint?.body.ref,
        checkpoint?.parts,
      ]);
      if (kept === undefined) return undefined;
      if (part !== undefined) {
        await manager.query(ADD_PART, [tenantId, id, part.index, encode(part.value)]);
      }
      const released = checkpoint ? await this.replaceCheckpoint(manager, holder, checkpoint.body) : [];
      return { isCancelRequested: kept.isCancelRequested, released };
    });
  }

  /** Lets another worker try again, after a pause. */
  async requeue(tenantId: string, id: string, run: number, pauseMs: number): Promise<void> {
    await this.inTenant(tenantId, (manager) => manager.query(REQUEUE, [tenantId, id, run, pauseMs]));
  }

  /** @returns blobs to release; `undefined` when the run is not the job's any more. */
  end(run: Holder & { readonly run: number }, end: JobEnd): Promise<BlobRef[] | undefined> {
    return this.inTenant(run.tenantId, (manager) => endJob(manager, this.bodies, run, end));
  }

  private async replaceCheckpoint(
    manager: EntityManager,
    holder: Holder,
    { ref }: PackedBody,
  ): Promise<BlobRef[]> {
    const released = await this.bodies.letGo(manager, holder, 'checkpoint');
    await this.bodies.hold(manager, holder, 'checkpoint', [ref]);
    return released;
  }

  private inTenant<T>(tenantId: string, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return reachLedger(tenantTransaction(this.dataSource, tenantId, work));
  }
}
