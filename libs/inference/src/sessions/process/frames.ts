import { ELEMENT_ARRAYS, type AnyTensor, type ElementArray } from '@ganglion/tensor';
import type { Writable } from 'node:stream';
import type { TensorMap } from '../../engine.js';
import { arraysOf } from '../arrays-of.js';
import type { HostReply, HostRequest } from '../host-protocol.js';

/**
 * Messages between a process and its host as frames over a socket: the length of the header (uint32, the machine's byte
 * order), the header (JSON), then the bytes of each tensor, one after the other, as the header counts them. Half the
 * time of `fork()` with structured clones for 5 MB, for nothing is copied on the way out and each tensor is read into
 * its own buffer.
 */
type Message = HostRequest | HostReply;

/** A tensor in a header; the bytes of its arrays follow, of so many each. */
type TensorHeader = Pick<AnyTensor, 'dtype' | 'shape'> & { readonly byteLengths: readonly number[] };
type TensorHeaders = Readonly<Record<string, TensorHeader>>;

/** Larger than any model's list of files and tensors; what is larger is no header. */
const MAX_HEADER_BYTES = 1 << 24;

/** Writes a message; the buffers of its tensors must not change until it is away. */
export function writeMessage(socket: Writable, message: Message): void {
  const bodies: Uint8Array[] = [];
  const describe = (tensors: TensorMap): TensorHeaders =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, value]) => {
        const arrays = arraysOf(value).map(bytesOfArray);
        bodies.push(...arrays);
        const { dtype, shape } = value;
        return [name, { dtype, shape, byteLengths: arrays.map(({ length }) => length) }];
      }),
    );
  const header = Buffer.from(JSON.stringify(withTensors(message, describe)));
  socket.cork();
  socket.write(new Uint8Array(Uint32Array.of(header.length).buffer));
  socket.write(header);
  for (const body of bodies) if (body.length > 0) socket.write(body);
  socket.uncork();
}

/** Puts messages together again from the chunks of a socket. */
export class MessageReader<T extends Message> {
  /** What is being read, and how much of it is there. */
  private target = new Uint8Array(Uint32Array.BYTES_PER_ELEMENT);
  private filled = 0;
  private onFull: () => void = () => this.readLength();

  constructor(private readonly onMessage: (message: T) => void) {}

  /** @throws Error when what comes is no message. */
  read(chunk: Uint8Array): void {
    for (let offset = 0; offset < chunk.length;) {
      const count = Math.min(chunk.length - offset, this.target.length - this.filled);
      this.target.set(chunk.subarray(offset, offset + count), this.filled);
      this.filled += count;
      offset += count;
      if (this.filled === this.target.length) this.onFull();
    }
  }

  private next(target: Uint8Array<ArrayBuffer>, onFull: () => void): void {
    this.target = target;
    this.filled = 0;
    this.onFull = onFull;
  }

  private readLength(): void {
    const [length = 0] = new Uint32Array(this.target.buffer);
    if (length > MAX_HEADER_BYTES) throw new Error(`A header of ${length} bytes came, which is none.`);
    this.next(new Uint8Array(length), () => this.readHeader());
  }

  private readHeader(): void {
    const bodies: Uint8Array<ArrayBuffer>[] = [];
    const message = withTensors(JSON.parse(Buffer.from(this.target).toString()) as T, (headers) =>
      Object.fromEntries(
        Object.entries(headers as unknown as TensorHeaders).map(([name, header]) => {
          const value = allocate(header);
          bodies.push(...arraysOf(value).map(bytesOfArray));
          return [name, value];
        }),
      ),
    );
    this.readBodies(
      bodies.filter(({ length }) => length > 0),
      message as T,
    );
  }

  private readBodies([first, ...others]: Uint8Array<ArrayBuffer>[], message: T): void {
    if (first !== undefined) return this.next(first, () => this.readBodies(others, message));
    this.next(new Uint8Array(Uint32Array.BYTES_PER_ELEMENT), () => this.readLength());
    this.onMessage(message);
  }
}

/** A tensor whose elements are still to come; whether they are as many as its shape says is for who runs it to check. */
function allocate({ dtype, shape, byteLengths }: TensorHeader): AnyTensor {
  const [first, second] = byteLengths.map((byteLength) => new ArrayBuffer(byteLength));
  if (dtype === 'string')
    return { dtype, shape, offsets: new Uint32Array(first!), data: new Uint8Array(second!) };
  return { dtype, shape, data: new ELEMENT_ARRAYS[dtype](first!) };
}

function bytesOfArray({ buffer, byteOffset, byteLength }: ElementArray): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The message with its tensors made anew. */
function withTensors(message: Message, change: (tensors: TensorMap) => object): object {
  if (message.kind === 'run') return { ...message, inputs: change(message.inputs) };
  if (message.kind === 'ran') return { ...message, outputs: change(message.outputs) };
  return message;
}
