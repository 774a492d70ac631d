import { EVENTS_STREAM } from '@ganglion/contracts/wire';
import {
  AckPolicy,
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  type Consumer,
  type JetStreamManager,
  type StreamInfo,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { ensureConsumer, ensureStream } from '../jetstream/ensure.js';

const DAY_MS = 86_400_000;

const STREAM = {
  name: EVENTS_STREAM.name,
  subjects: [`${EVENTS_STREAM.subject}.>`],
  /** Every consumer hears every event of its types, one that is added later the last week's as well. */
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  max_age: nanos(7 * DAY_MS),
  /** Past `max_bytes` events are refused and wait in their outbox, rather than that the oldest vanish in silence. */
  discard: DiscardPolicy.New,
  max_bytes: 1024 ** 3,
  duplicate_window: nanos(120_000),
};

/** After this an event that nobody acknowledged, nor said to be working on, goes to another process. */
export const ACK_WAIT_MS = 30_000;
/** Events in the hands of a consumer's processes at the same time. */
const MAX_UNACKNOWLEDGED = 256;

/** Subject of a type's events in the stream. */
export function streamSubject(type: string): string {
  return `${EVENTS_STREAM.subject}.${type}`;
}

/** Makes the stream of events where it is missing. @returns what the server knows of it, such as when it was made. */
export function ensureEventsStream(manager: JetStreamManager): Promise<StreamInfo> {
  return ensureStream(manager, STREAM);
}

/** Makes a durable consumer of the stream for those types, or gives it the types of this code. */
export function ensureEventsConsumer(
  manager: JetStreamManager,
  name: string,
  types: readonly string[],
): Promise<Consumer> {
  const filter = { filter_subjects: types.map(streamSubject) };
  const consumer = {
    ...filter,
    durable_name: name,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ACK_WAIT_MS),
    max_ack_pending: MAX_UNACKNOWLEDGED,
    max_deliver: -1,
  };
  return ensureConsumer(manager, EVENTS_STREAM.name, consumer, filter);
}
