/** Writes protobuf's binary form: the four field kinds that ONNX needs. */
export class ProtobufWriter {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  /** An integer or enum field. Negative numbers take ten bytes, as int64 does. */
  varint(field: number, value: number | bigint): this {
    return this.key(field, 0).append(varintBytes(BigInt.asUintN(64, BigInt(value))));
  }

  /** A 32-bit float field. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.key(field, 5).append(bytes);
  }

  /** A string, bytes, packed or nested message field. */
  bytes(field: number, value: Uint8Array): this {
    return this.key(field, 2)
      .append(varintBytes(BigInt(value.length)))
      .append(value);
  }

  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, write: (message: ProtobufWriter) => void): this {
    const message = new ProtobufWriter();
    write(message);
    return this.bytes(field, message.finish());
  }

  finish(): Uint8Array {
    const result = new Uint8Array(this.length);
    let offset = 0;
    for (const chunk of this.chunks) {
      result.set(chunk, offset);
      offset += chunk.length;
    }
    return result;
  }

  private key(field: number, wireType: number): this {
    return this.append(varintBytes(BigInt((field << 3) | wireType)));
  }

  private append(bytes: Uint8Array): this {
    this.chunks.push(bytes);
    this.length += bytes.length;
    return this;
  }
}

function varintBytes(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
