import { setTimeout as sleep } from 'node:timers/promises';
import type { GanglionEvent } from '@ganglion/contracts/event';
import { TENANT_NAME } from '@ganglion/contracts/wire';
import { isDatabaseUnavailable, type Inbox } from '@ganglion/persistence';
import { jetstreamManager, type Consumer, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { decode } from '../codec.js';
import type { Logger } from '../logger.js';
import { ACK_WAIT_MS, ensureEventsConsumer, ensureEventsStream } from './event-stream.js';
import type { EventHandler, EventSubscription } from './on-event.js';

/** Events that one process deals with at the same time, for one consumer. */
const CONCURRENCY = 8;
/** How soon a missing stream or consumer is noticed. */
const PULL_EXPIRES_MS = 2_000;
const RETRY_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;

/** How an event that a handler throws at comes again. */
export interface Retries {
  /** After so many it is put aside. */
  readonly mostDeliveries: number;
  /** Doubled each time, to a minute at most. */
  readonly firstBackoffMs: number;
}

const RETRIES: Retries = { mostDeliveries: 10, firstBackoffMs: 500 };

export interface ConsumerParts {
  readonly nats: NatsConnection;
  readonly inbox: Inbox;
  readonly logger: Logger;
  /** Counts events by what became of them: `done`, `again`, `retried` or `given-up`. */
  readonly onOutcome: (outcome: string) => void;
  readonly retries?: Retries;
}

/** One durable consumer of events, in one process. */
export class EventConsumer {
  private readonly stopping = new AbortController();
  private readonly inHand = new Set<Promise<void>>();
  private running: Promise<void> = Promise.resolve();

  /** @param durable Name of the consumer on the server. */
  constructor(
    private readonly durable: string,
    private readonly subscription: EventSubscription,
    private readonly handler: EventHandler,
    private readonly parts: ConsumerParts,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** Takes no more, and ends what is in hand. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all(this.inHand);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let isWell = true;
    while (!signal.aborted) {
      try {
        const manager = await jetstreamManager(this.parts.nats);
        await ensureEventsStream(manager);
        const types = this.subscription.types.map(({ type }) => type);
        const consumer = await ensureEventsConsumer(manager, this.durable, types);
        isWell = true;
        await this.consume(consumer);
      } catch (error) {
        if (isWell && !signal.aborted) {
          this.parts.logger.warn(
            { err: error, consumer: this.durable },
            'Events cannot be read; trying again',
          );
        }
        isWell = false;
        await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** @throws Error when the stream or the consumer is gone. */
  private async consume(consumer: Consumer): Promise<void> {
    const messages = await consumer.consume({
      max_messages: CONCURRENCY,
      expires: PULL_EXPIRES_MS,
      abort_on_missing_resource: true,
    });
    const stop = (): void => messages.stop();
    this.stopping.signal.addEventListener('abort', stop, { once: true });
    if (this.stopping.signal.aborted) stop();
    try {
      for await (const message of messages) {
        const work: Promise<void> = this.take(message).finally(() => this.inHand.delete(work));
        this.inHand.add(work);
        if (this.inHand.size >= CONCURRENCY) await Promise.race(this.inHand);
      }
    } finally {
      this.stopping.signal.removeEventListener('abort', stop);
    }
    const error = await messages.closed();
    if (error instanceof Error) throw error;
  }

  private async take(message: JsMsg): Promise<void> {
    const event = readEvent(message);
    if (event === undefined) {
      this.parts.logger.error(
        { consumer: this.durable, streamSequence: message.seq },
        'No event: passed over',
      );
      this.parts.onOutcome('given-up');
      return message.term();
    }
    const working = setInterval(() => message.working(), ACK_WAIT_MS / 3);
    try {
      const isNew = await this.parts.inbox.once(this.durable, event, (manager) =>
        this.handler(event, manager),
      );
      this.parts.onOutcome(isNew ? 'done' : 'again');
      message.ack();
    } catch (error) {
      await this.fail(message, event, error);
    } finally {
      clearInterval(working);
    }
  }

  /** Has the event come again later; or puts it aside, so that it does not come for ever. */
  private async fail(message: JsMsg, event: GanglionEvent, error: unknown): Promise<void> {
    const { deliveryCount } = message.info;
    const { logger, inbox, onOutcome, retries = RETRIES } = this.parts;
    const about = { err: error, consumer: this.durable, eventId: event.id, deliveryCount };
    // While the database is away nothing is wrong with the event, and there is nowhere to put it aside.
    if (deliveryCount < retries.mostDeliveries || isDatabaseUnavailable(error)) {
      logger.warn(about, 'An event could not be dealt with; it comes again');
      onOutcome('retried');
      return message.nak(Math.min(retries.firstBackoffMs * 2 ** (deliveryCount - 1), LONGEST_BACKOFF_MS));
    }
    try {
      await inbox.giveUp(this.durable, event, error);
      logger.error(about, 'An event was given up: see the table inbox');
      onOutcome('given-up');
      message.ack();
    } catch {
      message.nak(LONGEST_BACKOFF_MS);
    }
  }
}

function readEvent(message: JsMsg): GanglionEvent | undefined {
  try {
    const event = decode(message.data) as GanglionEvent;
    return UUID.test(event.id) && TENANT_NAME.test(event.tenant) ? event : undefined;
  } catch {
    return undefined;
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
