import type { OutputOf } from '@ganglion/contracts/capability';
import type { getJob, listJobs } from '@ganglion/contracts/edge/jobs';
import { ServiceError } from '@ganglion/contracts/errors';
import { decode } from '@ganglion/service-kit/codec';
import { Injectable } from '@nestjs/common';
import type { FindOptionsWhere } from 'typeorm';
import { toJson } from '../call/to-json.js';
import { Bodies } from '../persistence/bodies.js';
import type { JobEntity } from '../persistence/job.entity.js';
import { JobQueue } from '../persistence/system/job-queue.js';
import { JobChanges } from './job-changes.js';
import { JobRepository } from './jobs.repository.js';

export type Job = OutputOf<typeof getJob>;

interface Page {
  readonly limit: number;
  readonly after?: string | undefined;
}

/** The jobs of a tenant, as callers see them. */
@Injectable()
export class Jobs {
  constructor(
    private readonly repository: JobRepository,
    private readonly queue: JobQueue,
    private readonly bodies: Bodies,
    private readonly changes: JobChanges,
  ) {}

  /** @throws ServiceError `not_found` */
  async get(tenantId: string, id: string): Promise<Job> {
    return this.toJob(await this.find(tenantId, id));
  }

  /** @throws ServiceError `not_found` */
  async find(tenantId: string, id: string): Promise<JobEntity> {
    return (await this.repository.find(tenantId, id)) ?? notFound(id);
  }

  async list(
    where: FindOptionsWhere<JobEntity> & { tenantId: string },
    { limit, after }: Page,
  ): Promise<OutputOf<typeof listJobs>> {
    const found = await this.repository.page(where, limit + 1, after);
    const data = await Promise.all(found.slice(0, limit).map((job) => this.toJob(job)));
    return { data, hasMore: found.length > limit };
  }

  /** @throws ServiceError `not_found` */
  async cancel(tenantId: string, id: string): Promise<Job> {
    const job = (await this.repository.cancel(tenantId, id)) ?? notFound(id);
    if (job.state === 'running') this.changes.cancelRun(id);
    this.changes.announce(id);
    return this.toJob(job);
  }

  /** @throws ServiceError `not_found` when there is no such dead letter. */
  async replay(tenantId: string, id: string): Promise<Job> {
    const job = await this.repository.replay(tenantId, id);
    if (job === null) throw new ServiceError('not_found', `There is no dead letter ${id}.`);
    this.changes.announce(id);
    return this.toJob(job);
  }

  async toJob(job: JobEntity): Promise<Job> {
    const outcome = await this.outcomeOf(job);
    return {
      id: job.id,
      service: job.service,
      operation: job.operation,
      class: job.class,
      state: job.state,
      queue: job.state === 'queued' ? await this.queue.standing(job) : null,
      progress: job.progress,
      parts: job.parts,
      runs: job.runs,
      // Bytes, which JSON lacks, become text here as they do in an answer.
      answer: job.state === 'succeeded' ? JSON.parse(toJson(outcome, true)) : null,
      error: job.state === 'failed' || job.state === 'cancelled' ? (outcome as Job['error']) : null,
      createdAt: job.createdAt.toISOString(),
      startedAt: job.startedAt?.toISOString() ?? null,
      endedAt: job.endedAt?.toISOString() ?? null,
      expiresAt: job.expiresAt?.toISOString() ?? null,
    };
  }

  /** Parts of a job's result, as they were given. @param from Index of the first. */
  async partsFrom({ tenantId, id }: JobEntity, from: number): Promise<{ index: number; value: unknown }[]> {
    const found = await this.repository.partsFrom(tenantId, id, from);
    return found.map(({ index, value }) => ({ index, value: decode(value) }));
  }

  /** The answer or the problem of a job that has ended. */
  async outcomeOf({ tenantId, outcome, outcomeRef }: JobEntity): Promise<unknown> {
    return outcome === null ? null : this.bodies.unpack(tenantId, { data: outcome, ref: outcomeRef });
  }
}

function notFound(id: string): never {
  throw new ServiceError('not_found', `There is no job ${id}, or it was forgotten when its time was over.`);
}
