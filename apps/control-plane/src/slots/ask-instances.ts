import { slotOfInstance, type SlotOfInstance } from '@ganglion/contracts/slots';
import { slotsSubject } from '@ganglion/contracts/wire';
import { decode, encode } from '@ganglion/service-kit/codec';
import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';

/** How long the first instance may take to answer, and each further one after it. */
const MAX_WAIT_MS = 1_000;
const STALL_MS = 200;

const reply = z.record(z.string(), slotOfInstance);

/**
 * What each running instance of a service makes of one of its slots.
 *
 * @param slot Its name within the service.
 * @returns An entry for each instance that has such a slot; none when no instance runs.
 */
export async function askInstances(
  nats: NatsConnection,
  service: string,
  slot: string,
): Promise<SlotOfInstance[]> {
  const found: SlotOfInstance[] = [];
  const wait = { strategy: 'stall', maxWait: MAX_WAIT_MS, stall: STALL_MS } as const;
  try {
    for await (const { data } of await nats.requestMany(slotsSubject(service), encode(null), wait)) {
      const ofSlot = readReply(data)?.[slot];
      if (ofSlot !== undefined) found.push(ofSlot);
    }
  } catch {
    // No instance runs.
  }
  return found.sort((a, b) => (a.instance < b.instance ? -1 : 1));
}

/** `undefined` for what is no state: what the others say stands. */
function readReply(data: Uint8Array): z.output<typeof reply> | undefined {
  try {
    return reply.safeParse(decode(data)).data;
  } catch {
    return undefined;
  }
}
