import { fromProblem, type Problem } from '@ganglion/contracts/errors';
import { Injectable } from '@nestjs/common';
import { JSON_TYPE, renderAnswer, type RenderedReply } from '../http/rendered-reply.js';
import type { KeyUse } from '../idempotency/idempotency-keys.repository.js';
import { checkSameInput, inProgress, KeyedCalls } from '../idempotency/keyed-calls.js';
import type { JobEntity } from '../persistence/job.entity.js';
import { JobChanges } from './job-changes.js';
import { JobSubmissions, type ReadCall } from './job-submissions.js';
import { Jobs } from './jobs.js';
import type { Preference } from './read-preference.js';

/** Makes jobs of calls, and waits for their end. */
@Injectable()
export class JobCalls {
  constructor(
    private readonly submissions: JobSubmissions,
    private readonly jobs: Jobs,
    private readonly changes: JobChanges,
    private readonly keyed: KeyedCalls,
  ) {}

  /**
   * Commits a job, or finds the one that the call's key made before, and waits as long as is wished.
   *
   * @param waiting Aborted when nobody waits any more.
   * @returns The answer where the job ends in time, else 202 and the job.
   * @throws ServiceError what the job failed with; `idempotency_key_reused`, `in_progress`, `ledger_unavailable`.
   */
  async answer(
    call: ReadCall,
    preference: Preference,
    use: KeyUse | undefined,
    waiting: AbortSignal,
  ): Promise<RenderedReply> {
    const submitted = await this.submissions.submit(call, use);
    const id = typeof submitted === 'string' ? submitted : submitted.jobId;
    if (typeof submitted !== 'string' && use !== undefined) checkSameInput(submitted, use);
    if (typeof submitted !== 'string' && id === null) return this.keyed.replay(submitted);
    const reply = await this.answerWithin(call, id ?? '', preference.waitMs, waiting);
    return { ...reply, headers: { ...reply.headers, 'preference-applied': preference.applied } };
  }

  /**
   * Answers a call without a preference whose key made a job before.
   *
   * @throws ServiceError `in_progress` when the job does not end within the call's deadline.
   */
  async answerByJob(call: ReadCall, id: string, waiting: AbortSignal): Promise<RenderedReply> {
    const ended = await this.waitFor(call, id, call.origin.deadline, waiting);
    if (ended === undefined) throw inProgress();
    return this.renderEnd(call, ended);
  }

  private async answerWithin(
    call: ReadCall,
    id: string,
    waitMs: number,
    waiting: AbortSignal,
  ): Promise<RenderedReply> {
    const ended = await this.waitFor(call, id, performance.now() + waitMs, waiting);
    return ended === undefined ? this.renderAccepted(call, id) : this.renderEnd(call, ended);
  }

  private async waitFor(
    { origin }: ReadCall,
    id: string,
    deadline: number,
    waiting: AbortSignal,
  ): Promise<JobEntity | undefined> {
    if (deadline <= performance.now()) return undefined;
    const look = async () => {
      const job = await this.jobs.find(origin.tenant, id);
      return { isFound: job.endedAt !== null, value: job.endedAt === null ? undefined : job };
    };
    return this.changes.until(id, look, deadline, waiting);
  }

  private async renderEnd({ operation }: ReadCall, job: JobEntity): Promise<RenderedReply> {
    const outcome = await this.jobs.outcomeOf(job);
    if (job.state !== 'succeeded') throw fromProblem(outcome as Problem);
    const tookMs = (job.endedAt?.getTime() ?? 0) - job.createdAt.getTime();
    const reply = renderAnswer(operation, { body: outcome, serverTiming: undefined }, tookMs);
    return { ...reply, headers: { ...reply.headers, location: locationOf(job.id) } };
  }

  private async renderAccepted({ origin }: ReadCall, id: string): Promise<RenderedReply> {
    const job = await this.jobs.get(origin.tenant, id);
    const headers = { location: locationOf(id), 'content-type': JSON_TYPE, 'retry-after': '1' };
    return { status: 202, headers, body: JSON.stringify(job), problemCode: '' };
  }
}

function locationOf(id: string): string {
  return `/v1/jobs/${id}`;
}
