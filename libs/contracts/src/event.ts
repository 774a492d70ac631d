import type { z } from 'zod';

/** A kind of thing that happens, as a value: emitted through an outbox, heard by consumers and webhooks. */
export interface EventType<Data extends z.ZodType = z.ZodType> {
  /** What it is about and what happened to it, such as `job.completed`. */
  readonly type: string;
  /** One sentence. */
  readonly summary: string;
  readonly data: Data;
}

/** The data of an event of that type. */
export type DataOf<E> = E extends EventType<infer Data> ? z.output<Data> : never;

/**
 * One event as it travels: a CloudEvent in JSON, with the tenant as an extension attribute.
 *
 * @source CloudEvents 1.0.2, "JSON Event Format"
 */
export interface GanglionEvent<Data = unknown> {
  readonly specversion: '1.0';
  /** UUIDv7; the same whenever and wherever the event is delivered. */
  readonly id: string;
  /** Which part of Ganglion tells it, such as `/ganglion/edge`. */
  readonly source: string;
  readonly type: string;
  /** When it happened, ISO 8601. */
  readonly time: string;
  readonly tenant: string;
  readonly data: Data;
}

const EVENT_TYPE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z][a-z0-9]*(-[a-z0-9]+)*)+$/;

/**
 * Declares a type of event.
 *
 * @throws TypeError when its name cannot be the end of a NATS subject.
 */
export function defineEvent<Data extends z.ZodType>(definition: EventType<Data>): EventType<Data> {
  if (!EVENT_TYPE.test(definition.type)) {
    throw new TypeError(`"${definition.type}" is no type of event: use kebab-case parts joined by dots.`);
  }
  return Object.freeze({ ...definition });
}
