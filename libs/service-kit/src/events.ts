import { eventSubject } from '@ganglion/contracts/wire';
import type { NatsConnection, Subscription } from '@nats-io/nats-core';
import { decode, encode } from './codec.js';

/** Tells every listener that is connected now. What must not be missed goes through an outbox instead. */
export function publishEvent(nats: NatsConnection, type: string, payload: unknown): void {
  nats.publish(eventSubject(type), encode(payload));
}

/** Hears events of a type, in every process that asks. A payload that cannot be read is passed over. */
export function onEvent<Payload>(
  nats: NatsConnection,
  type: string,
  listener: (payload: Payload) => void,
): Subscription {
  return nats.subscribe(eventSubject(type), {
    callback: (error, message) => {
      if (error) return;
      let payload: Payload;
      try {
        payload = decode(message.data) as Payload;
      } catch {
        return;
      }
      listener(payload);
    },
  });
}
