import type { BlobRef } from '@ganglion/contracts/media';
import { ServiceError, toProblem } from '@ganglion/contracts/errors';
import { reachLedger, transaction } from '@ganglion/persistence';
import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import type { QueuedJob } from '../../jobs/job-publisher.js';
import { endJob } from '../../jobs/end-job.js';
import { Bodies, type Holder } from '../bodies.js';
import type { JobEntity } from '../job.entity.js';
import { SYSTEM_DATA_SOURCE } from './system-data-source.js';

/** Of one round of the sweeper, at most. */
const BATCH = 500;
/** Runs of a job that may end without a word before it is given up. */
const MAX_CRASHES = 5;
/** Past this nobody counts. */
const MAX_POSITION = 1_000;
/** The pace of a queue is counted that often. */
const PACE_FOR_MS = 2_000;

const AHEAD = `
  SELECT count(*)::int AS ahead FROM (SELECT FROM edge.jobs WHERE state = 'queued' AND service = $1 AND class = $2
    AND queued_at < $3 LIMIT ${MAX_POSITION}) AS ahead`;

const PACE = `
  SELECT count(*)::int AS ended FROM edge.jobs
  WHERE service = $1 AND class = $2 AND ended_at > now() - interval '1 minute'`;

/** Jobs whose ids are in no stream, in one that is gone, or were there for so long that they may be lost. */
const TAKE_UNPUBLISHED = `
  UPDATE edge.jobs SET published_at = now(), published_to = $1 WHERE id IN (
    SELECT id FROM edge.jobs WHERE state = 'queued' AND run_after <= now()
      AND (published_to IS DISTINCT FROM $1 OR published_at < now() - $2 * interval '1 ms')
    ORDER BY queued_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
  RETURNING tenant_id AS "tenantId", id, service, class, runs`;

const NOT_PUBLISHED = `UPDATE edge.jobs SET published_to = NULL WHERE id = ANY($1) AND state = 'queued'`;

const TAKE_CRASHED = `
  SELECT tenant_id AS "tenantId", id, runs AS run, crashes, is_cancel_requested AS "isCancelRequested"
  FROM edge.jobs WHERE state = 'running' AND lease_until < now()
  ORDER BY lease_until LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;

const REQUEUE = `
  UPDATE edge.jobs SET state = 'queued', crashes = crashes + 1, worker = NULL, lease_until = NULL,
    queued_at = now(), run_after = now(), published_at = NULL, published_to = NULL
  WHERE id = ANY($1)`;

const TAKE_OVERDUE = `
  SELECT tenant_id AS "tenantId", id, runs AS run, service FROM edge.jobs
  WHERE state = 'queued' AND queued_at < now() - interval '24 hours' LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;

interface CrashedRun extends Holder {
  readonly run: number;
  readonly crashes: number;
  readonly isCancelRequested: boolean;
}

/** What the sweeper did with runs whose lease ended. */
export interface TakenOver {
  readonly requeued: readonly string[];
  readonly ended: readonly string[];
}

/** The queues of all tenants. */
@Injectable()
export class JobQueue {
  private readonly paces = new Map<string, { readonly at: number; readonly endedPerMinute: number }>();

  constructor(
    @Inject(SYSTEM_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly bodies: Bodies,
  ) {}

  /** How far a job is from a worker; nobody counts past the thousandth. */
  async standing(
    job: Pick<JobEntity, 'service' | 'class' | 'queuedAt'>,
  ): Promise<{ position: number; expectedWaitMs: number | null }> {
    const queue = [job.service, job.class];
    const [{ ahead }] = await reachLedger(this.dataSource.query(AHEAD, [...queue, job.queuedAt]));
    const endedPerMinute = await this.paceOf(queue);
    const position = ahead + 1;
    const expectedWaitMs = endedPerMinute === 0 ? null : Math.round((position / endedPerMinute) * 60_000);
    return { position, expectedWaitMs };
  }

  private async paceOf(queue: readonly string[]): Promise<number> {
    const name = queue.join('.');
    const known = this.paces.get(name);
    if (known !== undefined && performance.now() - known.at < PACE_FOR_MS) return known.endedPerMinute;
    const [{ ended }] = await reachLedger(this.dataSource.query(PACE, [...queue]));
    this.paces.set(name, { at: performance.now(), endedPerMinute: ended });
    return ended;
  }

  /** Jobs to publish now, noted as published to that stream. @param againAfterMs Age of a message that may be lost. */
  async takeUnpublished(stream: string, againAfterMs: number): Promise<QueuedJob[]> {
    const [jobs] = await reachLedger(this.dataSource.query(TAKE_UNPUBLISHED, [stream, againAfterMs]));
    return jobs;
  }

  async noteUnpublished(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await reachLedger(this.dataSource.query(NOT_PUBLISHED, [ids]));
  }

  /** Takes jobs from workers that say nothing any more: back into the queue, or to their end. */
  async takeOver(): Promise<TakenOver> {
    const released: [string, BlobRef][] = [];
    const taken = await reachLedger(
      transaction(this.dataSource, async (manager) => {
        const crashed: CrashedRun[] = await manager.query(TAKE_CRASHED);
        const ending = crashed.filter(
          ({ crashes, isCancelRequested }) => isCancelRequested || crashes + 1 >= MAX_CRASHES,
        );
        for (const run of ending) {
          for (const ref of await this.endCrashed(manager, run)) released.push([run.tenantId, ref]);
        }
        const requeued = crashed.filter((run) => !ending.includes(run)).map(({ id }) => id);
        if (requeued.length > 0) await manager.query(REQUEUE, [requeued]);
        return { requeued, ended: ending.map(({ id }) => id) };
      }),
    );
    for (const [tenant, ref] of released) await this.bodies.release(tenant, [ref]);
    return taken;
  }

  /** Ends jobs that no worker took within a day. @returns their ids. */
  async endOverdue(): Promise<string[]> {
    const released: [string, BlobRef][] = [];
    const ids = await reachLedger(
      transaction(this.dataSource, async (manager) => {
        const overdue: (Holder & { run: number; service: string })[] = await manager.query(TAKE_OVERDUE);
        for (const job of overdue) {
          const error = new ServiceError(
            'unavailable',
            `No worker of ${job.service} took the job within a day.`,
          );
          const refs = await this.end(manager, job, { state: 'failed', isDead: false }, error);
          for (const ref of refs) released.push([job.tenantId, ref]);
        }
        return overdue.map(({ id }) => id);
      }),
    );
    for (const [tenant, ref] of released) await this.bodies.release(tenant, [ref]);
    return ids;
  }

  private endCrashed(manager: EntityManager, run: CrashedRun): Promise<BlobRef[]> {
    if (run.isCancelRequested) {
      const error = new ServiceError('cancelled', 'The job was cancelled while it ran.');
      return this.end(manager, run, { state: 'cancelled', isDead: false }, error);
    }
    const error = new ServiceError(
      'job_abandoned',
      `The job was given up: ${MAX_CRASHES} of its runs ended without a word. An operator can send it again.`,
    );
    return this.end(manager, run, { state: 'failed', isDead: true }, error);
  }

  private async end(
    manager: EntityManager,
    job: Holder & { readonly run: number },
    end: { readonly state: 'failed' | 'cancelled'; readonly isDead: boolean },
    error: ServiceError,
  ): Promise<BlobRef[]> {
    const outcome = await this.bodies.pack(job.tenantId, toProblem(error));
    return (await endJob(manager, this.bodies, job, { ...end, outcome })) ?? [];
  }
}
