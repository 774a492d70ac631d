import { setTimeout as sleep } from 'node:timers/promises';
import type { PredictionRecord } from '@ganglion/contracts/prediction-record';
import { inlineLimit, PREDICTIONS_STREAM } from '@ganglion/contracts/wire';
import { headers, type NatsConnection } from '@nats-io/nats-core';
import { Counter, Gauge, type Registry } from 'prom-client';
import { encode } from '../codec.js';
import { endOfTurn } from '../end-of-turn.js';
import type { Logger } from '../logger.js';
import { requestOverNats } from '../nats-request.js';
import { EVENT_OVERHEAD_BYTES, packEvent } from './pack-event.js';

/** Predictions that wait for JetStream's word at most; the bound of what a crash can lose. */
const MAX_UNACKNOWLEDGED = 4_096;
const ACK_TIMEOUT_MS = 5_000;
const RETRY_WAIT_MS = 500;

/** The predictions of a call, which wait for the end of the turn. */
interface Waiting {
  readonly tenant: string;
  readonly predictions: readonly PredictionRecord[];
  /** The same, encoded. */
  readonly records: readonly Uint8Array[];
  readonly bytes: number;
}

/**
 * Publishes predictions under the `async` policy. Predictions of one turn of the event loop share an event, which goes
 * out at its end, before the replies, that wait for it as well, and in the same write: whoever has an answer knows that
 * NATS has its event. One that JetStream does not acknowledge is sent again until it does.
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
   * Sends predictions at the end of the turn; what comes of their event is seen to in the background.
   *
   * @returns false when they are too large for a message: they must go another way.
   */
  publish(tenant: string, predictions: readonly PredictionRecord[]): boolean {
    if (this.unacknowledged + predictions.length > MAX_UNACKNOWLEDGED) {
      this.lose(predictions, 'the buffer of events without acknowledgement is full');
      return true;
    }
    const records = predictions.map(encode);
    const bytes = records.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (bytes > this.mostBytes) return false;
    this.unacknowledged += predictions.length;
    this.waiting.push({ tenant, predictions, records, bytes });
    if (this.waiting.length === 1) void endOfTurn().then(() => this.send());
    return true;
  }

  /** Waits until everything is acknowledged, for at most `timeoutMs`. */
  async flush(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (this.unacknowledged > 0 && performance.now() < deadline) await sleep(10);
    this.isClosing = true;
  }

  /** Of the records of one event. */
  private get mostBytes(): number {
    return inlineLimit(this.nats.info?.max_payload ?? Number.POSITIVE_INFINITY) - EVENT_OVERHEAD_BYTES;
  }

  /** Sends all that wait: one event a tenant, or as many as it takes. */
  private send(): void {
    const { waiting: all, mostBytes } = this;
    this.waiting = [];
    const open = new Map<string, { group: Waiting[]; bytes: number }>();
    for (const waiting of all) {
      const { tenant, bytes } = waiting;
      const event = open.get(tenant);
      if (event !== undefined && event.bytes + bytes <= mostBytes) {
        event.group.push(waiting);
        event.bytes += bytes;
        continue;
      }
      if (event !== undefined) void this.deliver(tenant, event.group);
      open.set(tenant, { group: [waiting], bytes });
    }
    for (const [tenant, { group }] of open) void this.deliver(tenant, group);
  }

  private async deliver(tenant: string, group: readonly Waiting[]): Promise<void> {
    const predictions = group.flatMap((waiting) => waiting.predictions);
    const event = packEvent(
      tenant,
      group.flatMap(({ records }) => records),
    );
    await this.storeAtLast(event, predictions);
    this.unacknowledged -= predictions.length;
  }

  private async storeAtLast(event: Uint8Array, predictions: readonly PredictionRecord[]): Promise<void> {
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
