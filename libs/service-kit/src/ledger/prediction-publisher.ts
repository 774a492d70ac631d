import { setTimeout as sleep } from 'node:timers/promises';
import type { PredictionRecord } from '@ganglion/contracts/prediction-record';
import { inlineLimit, PREDICTIONS_STREAM } from '@ganglion/contracts/wire';
import { headers, type NatsConnection } from '@nats-io/nats-core';
import { Counter, Gauge, type Registry } from 'prom-client';
import { encode } from '../codec.js';
import { endOfTurn } from '../end-of-turn.js';
import type { Logger } from '../logger.js';
import { requestOverNats } from '../nats-request.js';

/** Predictions that wait for JetStream's word at most; the bound of what a crash can lose. */
const MAX_UNACKNOWLEDGED = 4_096;
const ACK_TIMEOUT_MS = 5_000;
const RETRY_WAIT_MS = 500;

/** Predictions that wait for their event. */
interface Waiting {
  readonly tenant: string;
  readonly predictions: readonly PredictionRecord[];
  /** Called when their event is on the connection, with false when it is too large for a message. */
  readonly sent: (fits: boolean) => void;
}

/**
 * Publishes predictions under the `async` policy. An event goes out on the connection before the replies to its
 * predictions, so whoever has an answer knows that NATS has its event; one that JetStream does not acknowledge is sent
 * again until it does. Predictions of one turn of the event loop share an event.
 */
export class PredictionPublisher {
  private readonly lost: Counter;
  private waiting: Waiting[] = [];
  private unacknowledged = 0;
  private isClosing = false;

  constructor(
    private readonly nats: NatsConnection,
    private readonly logger: Logger,
    registry: Registry,
  ) {
    this.lost = new Counter({
      name: 'ganglion_ledger_events_lost_total',
      help: 'Predictions whose event was dropped: the ledger does not have them.',
      registers: [registry],
    });
    const unacknowledged = (): number => this.unacknowledged;
    new Gauge({
      name: 'ganglion_ledger_events_unacknowledged',
      help: 'Predictions whose event JetStream has not acknowledged yet.',
      registers: [registry],
      collect() {
        this.set(unacknowledged());
      },
    });
  }

  /**
   * Resolves when the event is on its way; what comes of it is seen to in the background.
   *
   * @returns false when the event is too large for a message: it must go another way.
   */
  publish(tenant: string, predictions: readonly PredictionRecord[]): Promise<boolean> {
    if (this.unacknowledged + predictions.length > MAX_UNACKNOWLEDGED) {
      this.lose(predictions, 'the buffer of events without acknowledgement is full');
      return Promise.resolve(true);
    }
    this.unacknowledged += predictions.length;
    return new Promise((sent) => {
      this.waiting.push({ tenant, predictions, sent });
      if (this.waiting.length === 1) void endOfTurn().then(() => this.send());
    });
  }

  /** Waits until everything is acknowledged, for at most `timeoutMs`. */
  async flush(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (this.unacknowledged > 0 && performance.now() < deadline) await sleep(10);
    this.isClosing = true;
  }

  /** Sends all that wait: one event a tenant. */
  private send(): void {
    const byTenant = new Map<string, Waiting[]>();
    for (const waiting of this.waiting) {
      const group = byTenant.get(waiting.tenant);
      if (group === undefined) byTenant.set(waiting.tenant, [waiting]);
      else group.push(waiting);
    }
    this.waiting = [];
    for (const [tenant, group] of byTenant) this.sendEvent(tenant, group);
  }

  private sendEvent(tenant: string, group: readonly Waiting[]): void {
    const predictions = group.flatMap((waiting) => waiting.predictions);
    const event = encode({ tenant, predictions });
    const fits = event.byteLength <= inlineLimit(this.nats.info?.max_payload ?? Number.POSITIVE_INFINITY);
    if (!fits && group.length > 1) {
      const half = group.length >> 1;
      this.sendEvent(tenant, group.slice(0, half));
      this.sendEvent(tenant, group.slice(half));
      return;
    }
    if (fits) {
      void this.deliver(event, predictions).finally(() => {
        this.unacknowledged -= predictions.length;
      });
    } else {
      this.unacknowledged -= predictions.length;
    }
    for (const { sent } of group) sent(fits);
  }

  private async deliver(event: Uint8Array, predictions: readonly PredictionRecord[]): Promise<void> {
    const messageId = predictions[0]?.id ?? '';
    while (!this.isClosing) {
      try {
        return await this.store(event, messageId);
      } catch (error) {
        this.logger.debug({ err: error }, 'JetStream did not acknowledge a ledger event; it is sent again');
        await sleep(RETRY_WAIT_MS);
      }
    }
    this.lose(predictions, 'the service ended before JetStream acknowledged the event');
  }

  /**
   * @throws Error when JetStream does not acknowledge the event in time.
   * @source NATS, "JetStream wire API reference": publishing, `Nats-Msg-Id`, PubAck
   */
  private async store(event: Uint8Array, messageId: string): Promise<void> {
    const eventHeaders = headers();
    eventHeaders.set('Nats-Msg-Id', messageId);
    const reply = await requestOverNats(this.nats, PREDICTIONS_STREAM.subject, event, {
      timeoutMs: ACK_TIMEOUT_MS,
      headers: eventHeaders,
    });
    const { error } = reply.json<{ error?: { description: string } }>();
    if (error !== undefined) throw new Error(error.description);
  }

  private lose(predictions: readonly PredictionRecord[], reason: string): void {
    this.lost.inc(predictions.length);
    this.logger.error(
      { predictionIds: predictions.map(({ id }) => id) },
      `Predictions lost to the ledger: ${reason}`,
    );
  }
}
