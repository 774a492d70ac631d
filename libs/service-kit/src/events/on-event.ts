import type { EventType, GanglionEvent } from '@ganglion/contracts/event';
import { SetMetadata } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/**
 * What hears events. It works in a transaction of the event's tenant that also notes the event as dealt with, so that
 * what it writes there happens once; what it does elsewhere may happen again, after a crash.
 *
 * @throws Error to have the event again later.
 */
export type EventHandler<Data = unknown> = (
  event: GanglionEvent<Data>,
  manager: EntityManager,
) => Promise<void>;

/** What {@link OnEvent} notes at a method. */
export interface EventSubscription {
  readonly name: string;
  readonly types: readonly EventType[];
}

export const EVENT_SUBSCRIPTION = Symbol('EventSubscription');

/**
 * Lets a method of a Nest provider, an {@link EventHandler}, hear events: every one, also those of while it was away,
 * each in one of the service's processes.
 *
 * @param name Of the durable consumer, within the service: by it the place in the stream is known.
 * @example @OnEvent('invoices', jobCompleted)
 *          async onJob(event: GanglionEvent<DataOf<typeof jobCompleted>>, manager: EntityManager) { … }
 */
export function OnEvent(name: string, ...types: readonly EventType[]): MethodDecorator {
  return SetMetadata(EVENT_SUBSCRIPTION, { name, types } satisfies EventSubscription);
}
