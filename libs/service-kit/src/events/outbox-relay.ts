import { setTimeout as sleep } from 'node:timers/promises';
import type { GanglionEvent } from '@ganglion/contracts/event';
import { EVENTS_STREAM } from '@ganglion/contracts/wire';
import type { OutboxQueue } from '@ganglion/persistence';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { Counter, type Registry } from 'prom-client';
import { encode } from '../codec.js';
import type { Logger } from '../logger.js';
import { ensureEventsStream, streamSubject } from './event-stream.js';

/** Events of one transaction. */
const BATCH_SIZE = 256;
/** How soon an event leaves after its commit. */
const POLL_MS = 200;
const RETRY_MS = 1_000;
/** How soon it is noticed that the stream was made anew. */
const LOOK_AT_STREAM_MS = 5_000;
const PURGE_MS = 3_600_000;
/** Less than a statement may take beside it: the rows are locked meanwhile. */
const ACK_TIMEOUT_MS = 2_000;

export interface RelayParts {
  readonly queue: OutboxQueue;
  readonly nats: NatsConnection;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Removes what else is old, at the pace at which the outbox is purged. */
  readonly onPurge?: () => Promise<void>;
}

/**
 * Brings events from an outbox to JetStream, in every process of its schema at once: each takes rows that no other
 * holds. An event is published at least once, with its id as the message's; when the stream turns out to be another
 * one, all that the outbox still has are published again.
 */
export class OutboxRelay {
  private readonly stopping = new AbortController();
  private readonly sent: Counter;
  private running: Promise<void> = Promise.resolve();
  private manager: JetStreamManager | undefined;
  /** When the stream was made, by which it is told from one before it. */
  private stream: string | undefined;
  private lookAt = 0;
  private purgeAt = 0;

  constructor(private readonly parts: RelayParts) {
    this.sent = new Counter({
      name: 'ganglion_events_sent_total',
      help: 'Events that went from the outbox into the stream.',
      registers: [parts.registry],
    });
  }

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    let isWell = true;
    while (!this.stopping.signal.aborted) {
      let pauseMs = POLL_MS;
      try {
        const stream = await this.currentStream();
        const sent = await this.parts.queue.send(BATCH_SIZE, stream, (events) => this.publish(events));
        this.sent.inc(sent);
        if (sent === BATCH_SIZE) pauseMs = 0;
        await this.purgeNowAndThen();
        isWell = true;
      } catch (error) {
        // One line for each time that database or stream are away.
        if (isWell) this.parts.logger.warn({ err: error }, 'Events wait in the outbox');
        isWell = false;
        this.lookAt = 0;
        pauseMs = RETRY_MS;
      }
      await sleep(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async currentStream(): Promise<string> {
    if (this.stream !== undefined && performance.now() < this.lookAt) return this.stream;
    this.manager ??= await jetstreamManager(this.parts.nats);
    const { created } = await ensureEventsStream(this.manager);
    if (created !== this.stream) {
      const again = await this.parts.queue.resend(created);
      if (again > 0)
        this.parts.logger.warn({ events: again }, 'The stream of events is a new one: sending again');
    }
    this.stream = created;
    this.lookAt = performance.now() + LOOK_AT_STREAM_MS;
    return created;
  }

  private async publish(events: readonly GanglionEvent[]): Promise<void> {
    const client = this.manager?.jetstream();
    await Promise.all(
      events.map((event) =>
        client?.publish(streamSubject(event.type), encode(event), {
          msgID: event.id,
          timeout: ACK_TIMEOUT_MS,
          expect: { streamName: EVENTS_STREAM.name },
        }),
      ),
    );
  }

  private async purgeNowAndThen(): Promise<void> {
    if (performance.now() < this.purgeAt) return;
    this.purgeAt = performance.now() + PURGE_MS;
    await this.parts.queue.purge();
    await this.parts.onPurge?.();
  }
}
