import type { Logger } from '@ganglion/service-kit/logger';
import { LOGGER } from '@ganglion/service-kit/tokens';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { UsageRepository } from '../persistence/usage.repository.js';
import { Tallies } from './tally.js';

/** What a crash can lose at most, while the database is there. */
const FLUSH_MS = 10_000;

/** Counts in memory what keys use, and adds it to the ledger every ten seconds and at the end. */
@Injectable()
export class UsageMeter implements BeforeApplicationShutdown {
  private readonly tallies = new Tallies();
  private flushing: Promise<void> = Promise.resolve();
  private readonly timer = setInterval(() => void this.flush(), FLUSH_MS).unref();

  constructor(
    private readonly usage: UsageRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Counts the calls of callers who are known, when their answers have left or their clients have gone. */
  serve(server: FastifyInstance): void {
    server.addHook('onRequest', (request, reply, done) => {
      reply.raw.once('close', () => this.count(request, reply));
      done();
    });
  }

  /** Adds what was counted to the ledger; what could not be added is kept for the next time. */
  flush(): Promise<void> {
    this.flushing = this.flushing.then(() => this.write());
    return this.flushing;
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
    if (this.tallies.size === 0) return;
    this.logger.error({ rows: this.tallies.size }, 'Usage was lost: the database is away at the end');
  }

  private count(
    { caller, operationName: operation, itemCount: items, headers }: FastifyRequest,
    reply: FastifyReply,
  ) {
    if (caller === null) return;
    const { tenant, keyId } = caller;
    const isError = reply.problemCode !== '' || !reply.raw.writableFinished;
    const bytesIn = byteCount(headers['content-length']);
    const bytesOut = byteCount(reply.getHeader('content-length'));
    this.tallies.count({ tenant, keyId, operation, isError, items, bytesIn, bytesOut }, Date.now());
  }

  private async write(): Promise<void> {
    for (const [tenant, tallies] of this.tallies.take()) {
      try {
        await this.usage.add(tenant, tallies);
      } catch (error) {
        for (const tally of tallies) this.tallies.merge(tally);
        this.logger.warn({ err: error, tenant }, 'Usage waits for the database');
      }
    }
  }
}

function byteCount(header: unknown): number {
  const count = Number(header ?? 0);
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}
