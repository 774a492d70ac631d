import { setTimeout as sleep } from 'node:timers/promises';
import type { PredictionRecord } from '@ganglion/contracts/prediction-record';
import { inlineLimit, PREDICTIONS_STREAM } from '@ganglion/contracts/wire';
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { Counter, Gauge, type Registry } from 'prom-client';
import { encode } from '../codec.js';
import type { Logger } from '../logger.js';

/** What waits for JetStream's word at most; the bound of what a crash can lose. */
const MAX_UNACKNOWLEDGED = 4_096;
const ACK_TIMEOUT_MS = 5_000;
const RETRY_WAIT_MS = 500;

/**
 * Publishes predictions under the `async` policy. An event goes out on the connection before its reply, so whoever has
 * an answer knows that NATS has its event; one that JetStream does not acknowledge is sent again until it does.
 */
export class PredictionPublisher {
  private readonly jetstream: JetStreamClient;
  private readonly lost: Counter;
  private unacknowledged = 0;
  private isClosing = false;

  constructor(
    private readonly nats: NatsConnection,
    private readonly logger: Logger,
    registry: Registry,
  ) {
    this.jetstream = jetstream(nats);
    this.lost = new Counter({
      name: 'ganglion_ledger_events_lost_total',
      help: 'Predictions whose event was dropped: the ledger does not have them.',
      registers: [registry],
    });
    const unacknowledged = (): number => this.unacknowledged;
    new Gauge({
      name: 'ganglion_ledger_events_unacknowledged',
      help: 'Ledger events that JetStream has not acknowledged yet.',
      registers: [registry],
      collect() {
        this.set(unacknowledged());
      },
    });
  }

  /**
   * Sends at once and returns; what comes of it is seen to in the background.
   *
   * @returns false when the event is too large for a message: it must go another way.
   */
  publish(tenant: string, predictions: readonly PredictionRecord[]): boolean {
    if (this.unacknowledged >= MAX_UNACKNOWLEDGED) {
      this.lose(predictions, 'the buffer of events without acknowledgement is full');
      return true;
    }
    const event = encode({ tenant, predictions });
    if (event.byteLength > inlineLimit(this.nats.info?.max_payload ?? Number.POSITIVE_INFINITY)) return false;
    this.unacknowledged += 1;
    void this.deliver(event, predictions).finally(() => {
      this.unacknowledged -= 1;
    });
    return true;
  }

  /** Waits until everything is acknowledged, for at most `timeoutMs`. */
  async flush(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (this.unacknowledged > 0 && performance.now() < deadline) await sleep(10);
    this.isClosing = true;
  }

  private async deliver(event: Uint8Array, predictions: readonly PredictionRecord[]): Promise<void> {
    const msgID = predictions[0]?.id ?? '';
    while (!this.isClosing) {
      try {
        await this.jetstream.publish(PREDICTIONS_STREAM.subject, event, { msgID, timeout: ACK_TIMEOUT_MS });
        return;
      } catch (error) {
        this.logger.debug({ err: error }, 'JetStream did not acknowledge a ledger event; it is sent again');
        await sleep(RETRY_WAIT_MS);
      }
    }
    this.lose(predictions, 'the service ended before JetStream acknowledged the event');
  }

  private lose(predictions: readonly PredictionRecord[], reason: string): void {
    this.lost.inc(predictions.length);
    this.logger.error(
      { predictionIds: predictions.map(({ id }) => id) },
      `Predictions lost to the ledger: ${reason}`,
    );
  }
}
