import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import type { endJobRun, leaseJob, reportJob } from '@ganglion/contracts/edge/job-runs';
import { toProblem, type CoreErrorCode, type Problem } from '@ganglion/contracts/errors';
import type { BlobRef } from '@ganglion/contracts/media';
import { Inject, Injectable } from '@nestjs/common';
import type { GatewaySettings } from '../config.js';
import { Bodies } from '../persistence/bodies.js';
import type { JobEntity } from '../persistence/job.entity.js';
import { SETTINGS } from '../settings.module.js';
import type { JobEnd } from './end-job.js';
import { JobChanges } from './job-changes.js';
import { JobRunRepository } from './job-runs.repository.js';
import { mergeRefused } from './refused-items.js';

/** An error that time may mend is tried again that often: for about eight minutes. */
const MAX_RETRIES = 12;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;

/** What workers may do to a job: take a run of it, report, and end it. */
@Injectable()
export class JobRuns {
  constructor(
    private readonly runs: JobRunRepository,
    private readonly bodies: Bodies,
    private readonly changes: JobChanges,
    @Inject(SETTINGS) private readonly settings: GatewaySettings,
  ) {}

  async lease(
    tenantId: string,
    { id, worker }: ParsedInputOf<typeof leaseJob>,
  ): Promise<OutputOf<typeof leaseJob>> {
    const leaseMs = this.settings.jobLeaseMs;
    const job = await this.runs.lease(tenantId, id, worker, leaseMs);
    if (job === null || job.input === null) return { leased: null };
    this.changes.announce(id);
    const { operation, requestId, keyId, traceparent, subject, model, timeoutMs, checkpoint, checkpointRef } =
      job;
    return {
      leased: {
        run: job.runs,
        operation,
        requestId,
        keyId,
        traceparent,
        subject,
        model,
        input: await this.bodies.unpack(tenantId, { data: job.input, ref: job.inputRef }),
        checkpoint:
          checkpoint && (await this.bodies.unpack(tenantId, { data: checkpoint, ref: checkpointRef })),
        parts: job.checkpointParts,
        timeoutMs,
        leaseMs,
      },
    };
  }

  async report(
    tenantId: string,
    report: ParsedInputOf<typeof reportJob>,
  ): Promise<OutputOf<typeof reportJob>> {
    const { checkpoint, part, progress, id } = report;
    const packed = checkpoint && (await this.bodies.pack(tenantId, checkpoint.value));
    const kept = await this.runs.report(tenantId, {
      ...report,
      leaseMs: this.settings.jobLeaseMs,
      checkpoint: packed && { body: packed, parts: checkpoint?.parts ?? 0 },
    });
    if (kept === undefined) {
      await this.bodies.release(tenantId, [packed?.ref]);
      return { verdict: 'lost' };
    }
    await this.bodies.release(tenantId, kept.released);
    if (part !== undefined || progress !== undefined) this.changes.announce(id);
    return { verdict: kept.isCancelRequested ? 'cancel' : 'go-on' };
  }

  async end(
    tenantId: string,
    { id, run, end }: ParsedInputOf<typeof endJobRun>,
  ): Promise<OutputOf<typeof endJobRun>> {
    const job = await this.runs.find(tenantId, id);
    if (job === null || job.runs !== run) return { accepted: false };
    if (job.state !== 'running') return { accepted: true };
    if (end.kind === 'failed' && isWorthARetry(job, end.problem)) {
      await this.runs.requeue(tenantId, id, run, pauseMs(job.retries));
    } else {
      const refs = await this.endWith(job, end);
      await this.bodies.release(tenantId, refs);
    }
    this.changes.announce(id);
    return { accepted: true };
  }

  private async endWith(job: JobEntity, end: RunEnd): Promise<readonly (BlobRef | string | undefined)[]> {
    const { tenantId, id, runs: run } = job;
    const { state, body } = toOutcome(job, end);
    const outcome = await this.bodies.pack(tenantId, body);
    const released = await this.runs.end({ tenantId, id, run }, { state, outcome });
    return released ?? [outcome.ref];
  }
}

type RunEnd = ParsedInputOf<typeof endJobRun>['end'];

/** An answer that does not fit what was asked is the service's error, and the job's end. */
function toOutcome(job: JobEntity, end: RunEnd): { readonly state: JobEnd['state']; readonly body: unknown } {
  if (end.kind === 'failed')
    return { state: job.isCancelRequested ? 'cancelled' : 'failed', body: end.problem };
  try {
    return { state: 'succeeded', body: mergeRefused(end.answer, job.refused, job.requestId) };
  } catch (error) {
    return { state: 'failed', body: toProblem(error, job.requestId) };
  }
}

/** A run that took its whole time would take it again. */
function isWorthARetry(job: JobEntity, problem: { readonly code: string }): boolean {
  const { code, retryable } = problem as Problem;
  if (job.isCancelRequested || job.retries >= MAX_RETRIES) return false;
  return retryable === true && code !== ('deadline_exceeded' satisfies CoreErrorCode);
}

function pauseMs(retries: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** retries, LONGEST_PAUSE_MS);
}
