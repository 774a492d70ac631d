import { encode } from '../codec.js';

/** What an event has beside its records, at the most: names, lengths, and a tenant's name. */
export const EVENT_OVERHEAD_BYTES = 256;

const MAP_OF_TWO = Uint8Array.of(0x82);
const [TENANT, PREDICTIONS] = [encode('tenant'), encode('predictions')];

/**
 * The event `{ tenant, predictions }` of records that are encoded already, each but once: its size decides what goes
 * with it.
 *
 * @source MessagePack specification, map and array formats
 */
export function packEvent(tenant: string, records: readonly Uint8Array[]): Uint8Array {
  const head = [MAP_OF_TWO, TENANT, encode(tenant), PREDICTIONS, arrayHead(records.length)];
  return Buffer.concat([...head, ...records]);
}

function arrayHead(length: number): Uint8Array {
  return length < 16 ? Uint8Array.of(0x90 | length) : Uint8Array.of(0xdc, length >> 8, length & 0xff);
}
