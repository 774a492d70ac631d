import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '@ganglion/contracts/errors';
import type { Logger } from '@ganglion/service-kit/logger';
import { LOGGER } from '@ganglion/service-kit/tokens';
import { Inject, Injectable } from '@nestjs/common';
import { renderProblem, type RenderedReply } from '../http/rendered-reply.js';
import { Bodies } from '../persistence/bodies.js';
import type { IdempotencyKeyEntity } from '../persistence/idempotency-key.entity.js';
import { REPLAYED_HEADER } from './read-idempotency-key.js';
import { IdempotencyKeys, LEASE_MS, type Hold, type KeyUse } from './idempotency-keys.repository.js';

/** How long an answer waits for a database that restarts, before it is given up and the client sends its request again. */
const KEEP_WITHIN_MS = 8_000;
const KEEP_RETRY_MS = 200;
const IN_PROGRESS_RETRY_MS = 1_000;

/** Answers requests that have an idempotency key: each is carried out once, and its answer is given again. */
@Injectable()
export class KeyedCalls {
  constructor(
    private readonly keys: IdempotencyKeys,
    private readonly bodies: Bodies,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @param work Carries the request out. Its 2xx and 4xx are kept for 24 h, but for 429 and a cancellation; after
   *   anything else the key is free again.
   * @param onJob Answers where an earlier request with the key became a job.
   * @throws ServiceError `idempotency_key_reused`, `in_progress`, `ledger_unavailable`, and what `work` throws.
   */
  async answer(
    use: KeyUse,
    requestId: string,
    work: () => Promise<RenderedReply>,
    onJob: (jobId: string) => Promise<RenderedReply>,
  ): Promise<RenderedReply> {
    const claim = await this.keys.claim(use);
    if (claim.kind === 'theirs') {
      checkSameInput(claim.row, use);
      return claim.row.jobId === null ? this.replay(claim.row) : onJob(claim.row.jobId);
    }
    if (claim.runs > 1)
      this.logger.warn({ requestId, runs: claim.runs }, 'A request is run again after a crash');
    const reply = await this.carryOut(claim.hold, requestId, work);
    if (await this.keep(claim.hold, reply)) return reply;
    // Frozen for longer than its lease: the answer of whoever took over is the one that counts.
    return this.answer(use, requestId, work, onJob);
  }

  /** @throws ServiceError `in_progress` when there is no answer yet. */
  async replay(row: IdempotencyKeyEntity): Promise<RenderedReply> {
    const { tenantId, status, headers, body, bodyRef } = row;
    if (status === null || body === null) throw inProgress();
    const [text, problemCode] = (await this.bodies.unpack(tenantId, { data: body, ref: bodyRef })) as [
      string | null,
      string,
    ];
    return {
      status,
      headers: { ...headers, [REPLAYED_HEADER]: 'true' },
      body: text ?? undefined,
      problemCode,
    };
  }

  /** What is kept of the work: its reply, or the problem that it will end in every time. */
  private async carryOut(
    hold: Hold,
    requestId: string,
    work: () => Promise<RenderedReply>,
  ): Promise<RenderedReply> {
    const heartbeat = setInterval(() => {
      this.keys
        .renew(hold)
        .catch((error: unknown) => this.logger.debug({ err: error }, 'A lease was not renewed'));
    }, LEASE_MS / 3);
    try {
      return await work();
    } catch (error) {
      if (error instanceof ServiceError && isKept(error.spec.status)) return renderProblem(error, requestId);
      await this.keys.abandon(hold).catch(() => undefined);
      throw error;
    } finally {
      clearInterval(heartbeat);
    }
  }

  private async keep(hold: Hold, { status, headers, body, problemCode }: RenderedReply): Promise<boolean> {
    const packed = await this.bodies.pack(hold.tenantId, [body ?? null, problemCode]);
    for (const since = performance.now(); ; await sleep(KEEP_RETRY_MS)) {
      try {
        // False also where an attempt before was committed and its reply lost: a blob that no row holds is swept away.
        return await this.keys.answer(hold, { status, headers, body: packed });
      } catch (error) {
        if (performance.now() - since > KEEP_WITHIN_MS) throw error;
      }
    }
  }
}

/** @throws ServiceError `idempotency_key_reused` */
export function checkSameInput(row: Pick<IdempotencyKeyEntity, 'inputSha256'>, use: KeyUse): void {
  if (row.inputSha256 === use.inputSha256) return;
  throw new ServiceError(
    'idempotency_key_reused',
    'This Idempotency-Key came with another request before: a new request needs a new key.',
  );
}

export function inProgress(): ServiceError {
  return new ServiceError(
    'in_progress',
    'The first request with this Idempotency-Key is still being answered.',
    {
      retryAfterMs: IN_PROGRESS_RETRY_MS,
    },
  );
}

/** A cancelled call (499) was not answered, and who was too fast (429) may come again. */
function isKept(status: number): boolean {
  return status >= 400 && status < 500 && status !== 429 && status !== 499;
}
