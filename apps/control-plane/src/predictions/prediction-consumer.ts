import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@ganglion/service-kit/logger';
import { LOGGER, NATS } from '@ganglion/service-kit/tokens';
import { jetstreamManager, type Consumer, type JetStreamManager, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LedgerMetrics } from './ledger-metrics.js';
import { PredictionEvents } from './prediction-events.js';
import { backlogOf, ensurePredictionsConsumer, ensurePredictionsStream } from './prediction-stream.js';

/** Events of one transaction at most. */
const BATCH_SIZE = 512;
/** How soon a missing stream or consumer is noticed: JetStream says at this pace that there is nothing new. */
const PULL_EXPIRES_MS = 2_000;
const RETRY_MS = 1_000;
/** The least time between two transactions: what comes meanwhile is committed with one write to the disk. */
const PACE_MS = 50;

/**
 * Brings predictions under the `async` policy from JetStream to the ledger. Events are acknowledged once they are
 * committed: whatever dies meanwhile, they come again, and are inserted once by their ids. The stream is transport: when
 * it is gone, it is made anew.
 */
@Injectable()
export class PredictionConsumer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly events: PredictionEvents,
    private readonly metrics: LedgerMetrics,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    let manager: JetStreamManager | undefined;
    this.metrics.watchBacklog(() =>
      (manager ? backlogOf(manager) : Promise.reject()).catch(() => Number.NaN),
    );
    while (!this.stopping.signal.aborted) {
      try {
        manager ??= await jetstreamManager(this.nats);
        await ensurePredictionsStream(manager);
        await this.consume(await ensurePredictionsConsumer(manager));
      } catch (error) {
        this.logger.warn({ err: error }, 'The stream of predictions cannot be read; trying again');
        await this.pause();
      }
    }
  }

  /**
   * Commits what arrives: after a pause the first at once, what follows in batches, which are fetched only when it is
   * their time. Events that were pushed one by one would wake this process, and NATS for it, for each of them.
   *
   * @throws Error when the stream or the consumer is gone.
   */
  private async consume(consumer: Consumer): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const pace = sleep(PACE_MS, undefined, { signal: this.stopping.signal }).catch(() => {});
      const batch = await this.fetchBatch(consumer);
      await this.commit(batch);
      if (batch.length < BATCH_SIZE) await pace;
    }
  }

  /** Waits for an event, and takes with it what is there by then. */
  private async fetchBatch(consumer: Consumer): Promise<JsMsg[]> {
    const first = await this.fetch(consumer, 1);
    const waiting = first[0]?.info.pending ?? 0;
    if (waiting === 0) return first;
    return [...first, ...(await this.fetch(consumer, Math.min(waiting, BATCH_SIZE - 1)))];
  }

  private async fetch(consumer: Consumer, count: number): Promise<JsMsg[]> {
    const messages = await consumer.fetch({ max_messages: count, expires: PULL_EXPIRES_MS });
    const stop = (): void => messages.stop();
    this.stopping.signal.addEventListener('abort', stop);
    const fetched: JsMsg[] = [];
    for await (const message of messages) fetched.push(message);
    this.stopping.signal.removeEventListener('abort', stop);
    return fetched;
  }

  private async commit(batch: readonly JsMsg[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      const outcomes = await this.events.commit(batch);
      batch.forEach((message, index) => (outcomes[index] === 'poison' ? message.term() : message.ack()));
    } catch (error) {
      this.logger.warn({ err: error, events: batch.length }, 'Predictions wait for the database');
      for (const message of batch) message.nak(RETRY_MS);
      await this.pause();
    }
  }

  private async pause(): Promise<void> {
    await sleep(RETRY_MS, undefined, { signal: this.stopping.signal }).catch(() => {});
  }
}
