import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decode, encode } from './codec.js';

describe('codec', () => {
  it('gives back any JSON value', () => {
    const json = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__'));
    fc.assert(
      fc.property(json, (value) => {
        expect(decode(encode(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('leaves undefined properties out, as JSON does', () => {
    expect(decode(encode({ a: undefined, b: [undefined] }))).toEqual({ b: [null] });
  });

  it('copies bytes out of the message, at offset 0', () => {
    const { data } = decode(encode({ data: new Uint8Array([1, 2, 3]) })) as { data: Uint8Array };
    expect([...data]).toEqual([1, 2, 3]);
    expect(data.byteOffset).toBe(0);
    expect(data.buffer.byteLength).toBe(3);
  });

  it('does not let a message set a prototype', () => {
    const message = encode(
      Object.defineProperty({}, '__proto__', { value: { admin: true }, enumerable: true }),
    );
    expect((decode(message) as { admin?: boolean }).admin).toBeUndefined();
  });

  it('throws on bytes that are not one MessagePack value', () => {
    expect(() => decode(new Uint8Array([0xd9, 5, 0x61]))).toThrow();
    expect(() => decode(new Uint8Array([1, 1]))).toThrow();
    expect(() => decode(new Uint8Array())).toThrow();
  });
});
