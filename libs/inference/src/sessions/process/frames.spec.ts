import { describe, expect, it } from '@jest/globals';
import { ELEMENT_ARRAYS, rows, stringTensor, zeros, type AnyTensor, type DType } from '@ganglion/tensor';
import { PassThrough } from 'node:stream';
import type { HostReply, HostRequest } from '../host-protocol.js';
import { MessageReader, writeMessage } from './frames.js';

type Message = HostReply | HostRequest;

/** Writes messages and reads them again in chunks of so many bytes. */
function send(messages: readonly Message[], chunkBytes: number): Message[] {
  const pipe = new PassThrough();
  messages.forEach((message) => writeMessage(pipe, message));
  const bytes = pipe.read() as Buffer;
  const read: Message[] = [];
  const reader = new MessageReader<Message>((message) => read.push(message));
  for (let offset = 0; offset < bytes.length; offset += chunkBytes)
    reader.read(bytes.subarray(offset, offset + chunkBytes));
  return read;
}

const everyDtype: Record<string, AnyTensor> = Object.fromEntries(
  (Object.keys(ELEMENT_ARRAYS) as DType[]).map((dtype) => {
    const value = zeros(dtype, [3]);
    value.data[1] = (dtype === 'int64' ? 2n ** 60n : 1) as never;
    return [dtype, value];
  }),
);
everyDtype['string'] = stringTensor([3], ['', 'naïve 😀', 'b']);

describe('frames', () => {
  it.each([1, 7, 1 << 16])('carry messages in chunks of %i bytes', (chunkBytes) => {
    const messages: Message[] = [
      { kind: 'run', id: 1, inputs: everyDtype },
      { kind: 'dispose' },
      { kind: 'ran', id: 2, outputs: { empty: zeros('float32', [0, 3]), scalar: zeros('int64', []) } },
      { kind: 'ran', id: 3, outputs: {} },
      { kind: 'failed', id: 4, error: { message: 'naïve' } },
    ];
    expect(send(messages, chunkBytes)).toEqual(messages);
  });

  it('carry the part of a buffer that a tensor is, into a buffer of its own', () => {
    const whole = zeros('float32', [4, 2]);
    whole.data.set([1, 2, 3, 4, 5, 6, 7, 8]);
    const [message] = send([{ kind: 'run', id: 0, inputs: { x: rows(whole, 1, 2) } }], 64);
    const { x } = (message as HostRequest & { kind: 'run' }).inputs;
    expect(x?.data).toEqual(Float32Array.of(3, 4));
    expect(x?.data.buffer.byteLength).toBe(8);
  });

  it.each([
    ['a header too long', Uint8Array.of(255, 255, 255, 255), 'A header of 4294967295 bytes came'],
    ['a header that is no JSON', Uint8Array.of(2, 0, 0, 0, 1, 1), 'JSON'],
  ])('refuse %s', (_, bytes, message) => {
    expect(() => new MessageReader(() => {}).read(bytes)).toThrow(message);
  });

  it('carry a tensor that holds less than its shape says as it is, for the engine to refuse', () => {
    const short = { ...zeros('float32', [1]), shape: [2] };
    const texts = { ...stringTensor([1], ['cat']), shape: [2] };
    const message: Message = { kind: 'run', id: 0, inputs: { short, texts } };
    expect(send([message], 64)).toEqual([message]);
  });
});
