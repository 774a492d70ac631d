import { hostname } from 'node:os';
import { readSlots, SLOT_CHANGED, type SlotChanged } from '@ganglion/contracts/slots';
import { slotsSubject } from '@ganglion/contracts/wire';
import type { Subscription } from '@nats-io/nats-core';
import { encode } from '../../codec.js';
import { onEvent } from '../../events.js';
import type { Kit } from '../../kit.js';
import type { Assignments, SlotControl, SlotControlListener } from './slot-control.js';

/** How often a service asks, should it have missed an event. */
const READ_EVERY_MS = 5_000;

/**
 * The control plane: asked at the start, at each event, and every few seconds. While it is away the last that it said
 * holds.
 */
export class ControlPlaneSlots implements SlotControl {
  private readonly subscriptions: Subscription[] = [];
  private timer: NodeJS.Timeout | undefined;
  private isAway = false;
  /** The newest question: an older one that is answered after it says what was. */
  private asked = 0;

  constructor(private readonly kit: Kit) {}

  async read(): Promise<Assignments | undefined> {
    const { caller, identity, logger } = this.kit;
    try {
      const { slots } = await caller.call(readSlots, { service: identity.name });
      if (this.isAway) logger.info('The control plane is back: slots follow it again');
      this.isAway = false;
      return new Map(slots.map(({ slot, versions }) => [slot, versions]));
    } catch (error) {
      if (!this.isAway) logger.warn({ err: error }, 'The control plane is away: slots stay as they are');
      this.isAway = true;
      return undefined;
    }
  }

  watch(listener: SlotControlListener): void {
    const { nats, identity } = this.kit;
    const look = async (): Promise<void> => {
      const question = ++this.asked;
      const assignments = await this.read();
      if (assignments !== undefined && question === this.asked) listener.changed(assignments);
    };
    const instance = `${hostname()}:${process.pid}`;
    this.subscriptions.push(
      onEvent<SlotChanged>(nats, SLOT_CHANGED, ({ service }) => {
        if (service === identity.name) void look();
      }),
      nats.subscribe(slotsSubject(identity.name), {
        callback: (error, message) => {
          if (!error) message.respond(encode(listener.state(instance)));
        },
      }),
    );
    this.timer = setInterval(() => void look(), READ_EVERY_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    this.asked += 1;
  }
}
