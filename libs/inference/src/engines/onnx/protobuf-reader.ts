/** One field of a protobuf message. */
export interface ProtobufField {
  readonly number: number;
  /** Set for an integer field; exact up to 2^53. */
  readonly varint?: number;
  /** Set for a string, bytes or nested message field: a view into the message. */
  readonly bytes?: Uint8Array;
}

/**
 * Walks through the fields of a protobuf message; numbers of fixed width are passed over.
 *
 * @throws RangeError when the message is cut short or is no protobuf.
 */
export function* readProtobuf(message: Uint8Array): Generator<ProtobufField> {
  let offset = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[offset];
      if (byte === undefined || scale > 2 ** 63) throw new RangeError('The protobuf is cut short.');
      offset += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  const skip = (length: number): void => {
    if (length > message.length - offset) throw new RangeError('The protobuf is cut short.');
    offset += length;
  };
  while (offset < message.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        yield { number, varint: varint() };
        break;
      case 1:
        skip(8);
        break;
      case 2: {
        const length = varint();
        skip(length);
        yield { number, bytes: message.subarray(offset - length, offset) };
        break;
      }
      case 5:
        skip(4);
        break;
      default:
        throw new RangeError('This is no protobuf.');
    }
  }
}
