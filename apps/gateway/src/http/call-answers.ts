import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CheckedCalls } from '../call/checked-calls.js';
import { inputDigest } from '../idempotency/input-digest.js';
import type { KeyUse } from '../idempotency/idempotency-keys.repository.js';
import { KeyedCalls } from '../idempotency/keyed-calls.js';
import { JobCalls } from '../jobs/job-calls.js';
import type { ReadCall } from '../jobs/job-submissions.js';
import type { Preference } from '../jobs/read-preference.js';
import type { Operation } from '../routes/operation.js';
import { Readiness } from '../status/readiness.js';
import { renderAnswer, type RenderedReply } from './rendered-reply.js';

/** What a client wants kept of its call: its answer under a key, the call itself as a job, or both. */
export interface Wish {
  readonly key: string | undefined;
  readonly preference: Preference | undefined;
}

/** Answers calls: at once, by a job, or by what an idempotency key was answered before. */
@Injectable()
export class CallAnswers {
  constructor(
    private readonly calls: CheckedCalls,
    private readonly keyed: KeyedCalls,
    private readonly jobs: JobCalls,
    private readonly readiness: Readiness,
  ) {}

  /** @throws ServiceError `overloaded` when no instance would take the call. */
  admit(operation: Operation): void {
    this.calls.admit(operation);
  }

  /** @param started When the request came, in milliseconds of `performance.now()`. */
  answer(
    call: ReadCall,
    { key, preference }: Wish,
    reply: FastifyReply,
    started: number,
  ): Promise<RenderedReply> {
    if (key === undefined && preference === undefined) return this.callWhileWaited(call, reply, started);
    const use = key === undefined ? undefined : keyUse(call, key);
    const waiting = this.readiness.waitingSignal(reply.raw);
    const isRunnable = call.input.kind === 'one' || call.input.items.length > 0;
    if (preference !== undefined && isRunnable) return this.jobs.answer(call, preference, use, waiting);
    if (use === undefined) return this.callWhileWaited(call, reply, started);
    // Its answer is kept for whoever asks again: a client that hangs up does not end it.
    const work = (): Promise<RenderedReply> => this.call(call, started);
    return this.keyed.answer(use, call.origin.requestId, work, (id) =>
      this.jobs.answerByJob(call, id, waiting),
    );
  }

  private async call({ operation, input, origin }: ReadCall, started: number): Promise<RenderedReply> {
    const answered = await this.calls.call(operation, input, origin);
    return renderAnswer(operation, answered, performance.now() - started);
  }

  /** A client that hangs up no longer waits: whoever works for it is told. */
  private async callWhileWaited(
    call: ReadCall,
    { raw }: FastifyReply,
    started: number,
  ): Promise<RenderedReply> {
    const onClose = (): void => this.calls.cancel(call.origin.requestId);
    raw.once('close', onClose);
    try {
      return await this.call(call, started);
    } finally {
      raw.removeListener('close', onClose);
    }
  }
}

function keyUse({ operation, input, origin }: ReadCall, key: string): KeyUse {
  return {
    tenantId: origin.tenant,
    callerId: origin.keyId,
    route: operation.name,
    key,
    inputSha256: inputDigest(input),
    subject: origin.subject,
  };
}
