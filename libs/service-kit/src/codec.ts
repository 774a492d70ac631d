import { Packr } from 'msgpackr';

/**
 * MessagePack as every language reads it: no records, no private extension for `undefined`; a property that is
 * `undefined` is left out, as JSON does. Bytes come out as copies, for a view into a NATS message has any offset and
 * keeps the whole message alive.
 */
const OPTIONS = {
  useRecords: false,
  encodeUndefinedAsNil: true,
  skipValues: [undefined],
  copyBuffers: true,
  variableMapSize: true,
};

const packr = new Packr(OPTIONS);

/** @param value JSON-like; bytes as `Uint8Array`. Other typed arrays must be viewed as bytes first. */
export function encode(value: unknown): Uint8Array {
  return packr.pack(value);
}

/** @throws Error when the bytes are not MessagePack, or more than one value. */
export function decode(bytes: Uint8Array): unknown {
  return packr.unpack(bytes);
}
