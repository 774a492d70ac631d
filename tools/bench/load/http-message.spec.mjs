import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readResponse, writeRequest } from './http-message.mjs';

const text = (/** @type {string} */ value) => Buffer.from(value, 'latin1');
const WITH_LENGTH = text('HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\nhello');
const CHUNKED = text(
  'HTTP/1.1 503 No\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\nA;x=y\r\nlo, world!\r\n0\r\n\r\n',
);

describe('readResponse', () => {
  it('reads a body by its length', () => {
    const response = readResponse(WITH_LENGTH);
    expect(response).toMatchObject({ status: 200, closes: false, length: WITH_LENGTH.length });
    expect(response?.body.toString()).toBe('hello');
  });

  it('reads a body by its chunks', () => {
    const response = readResponse(CHUNKED);
    expect(response).toMatchObject({ status: 503, length: CHUNKED.length });
    expect(response?.body.toString()).toBe('hello, world!');
  });

  it('takes no more than the first response, and nothing before that is complete', () => {
    for (const whole of [WITH_LENGTH, CHUNKED]) {
      expect(readResponse(Buffer.concat([whole, WITH_LENGTH]))).toEqual(readResponse(whole));
      fc.assert(
        fc.property(fc.nat(whole.length - 1), (length) => {
          expect(readResponse(whole.subarray(0, length))).toBeUndefined();
        }),
      );
    }
  });

  it('sees that the server closes', () => {
    expect(
      readResponse(text('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: Close\r\n\r\n'))?.closes,
    ).toBe(true);
  });

  it.each([
    ['HTTP/1.1 200 OK\r\nServer: x\r\n\r\n', 'without length'],
    ['SSH-2.0\r\nContent-Length: 0\r\n\r\n', 'no final response'],
    ['HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n', 'no final response'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 'without size'],
  ])('refuses %j', (bytes, reason) => {
    expect(() => readResponse(text(bytes))).toThrow(reason);
  });
});

describe('writeRequest', () => {
  it('writes head and body', () => {
    const request = {
      method: 'POST',
      path: '/a',
      headers: { 'content-type': 'text/plain' },
      body: Buffer.from('é'),
    };
    expect(writeRequest(request, 'x:1').toString()).toBe(
      'POST /a HTTP/1.1\r\nhost: x:1\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\né',
    );
  });
});
