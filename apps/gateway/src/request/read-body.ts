import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { ServiceError } from '@ganglion/contracts/errors';

/**
 * Collects a stream.
 *
 * @throws ServiceError `payload_too_large` past `maxBytes`; `cancelled` when the client goes away before the end.
 */
export function readBody(stream: Readable, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const fail = (error: ServiceError): void => {
      stream.removeListener('data', onData);
      // What is still to come is read and dropped, or the client would not see the answer.
      stream.resume();
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.byteLength;
      if (size > maxBytes) fail(payloadTooLarge(maxBytes));
      else chunks.push(chunk);
    };
    stream.on('data', onData);
    stream.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    stream.once('error', () => fail(clientGone()));
    stream.once('close', () => {
      if (!stream.readableEnded) reject(clientGone());
    });
  });
}

/** @throws ServiceError `payload_too_large` when the client says beforehand that the body is larger. */
export function checkContentLength(request: IncomingMessage, maxBytes: number): void {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw payloadTooLarge(maxBytes);
}

export function payloadTooLarge(maxBytes: number): ServiceError {
  return new ServiceError(
    'payload_too_large',
    `The body is larger than ${maxBytes} bytes, the most that is taken here.`,
  );
}

/** Nobody is left to read this one; logs and metrics do. */
export function clientGone(): ServiceError {
  return new ServiceError('cancelled', 'The client went away before its request was read.');
}
