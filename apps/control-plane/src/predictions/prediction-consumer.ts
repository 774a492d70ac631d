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
   * Commits what arrives: the first at once, what follows in batches.
   *
   * @throws Error when the stream or the consumer is gone.
   */
  private async consume(consumer: Consumer): Promise<void> {
    const arrived: JsMsg[] = [];
    let wake = (): void => {};
    const messages = await consumer.consume({
      max_messages: BATCH_SIZE,
      expires: PULL_EXPIRES_MS,
      abort_on_missing_resource: true,
      callback: (message) => {
        arrived.push(message);
        wake();
      },
    });
    let end: { readonly error: Error | undefined } | undefined;
    void messages.closed().then((error) => {
      end = { error: error ?? undefined };
      wake();
    });
    const stop = (): void => messages.stop();
    this.stopping.signal.addEventListener('abort', stop);
    // It may have been told to stop while the stream was being found.
    if (this.stopping.signal.aborted) stop();
    while (end === undefined || arrived.length > 0) {
      if (arrived.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const pace = sleep(PACE_MS, undefined, { signal: this.stopping.signal }).catch(() => {});
      await this.commit(arrived.splice(0, BATCH_SIZE));
      if (arrived.length < BATCH_SIZE) await pace;
    }
    this.stopping.signal.removeEventListener('abort', stop);
    if (end.error !== undefined) throw end.error;
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
