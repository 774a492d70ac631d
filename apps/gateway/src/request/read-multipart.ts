import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { ServiceError } from '@ganglion/contracts/errors';
import { clientGone } from './read-body.js';

export interface Part {
  readonly name: string;
  readonly type: string;
  readonly stream: Readable;
}

/** Enough for any contract; more is an attack. */
const LIMITS = { parts: 100, headerPairs: 20, headerSize: 8_192, fieldNameSize: 200 };

/**
 * Reads a multipart body part by part.
 *
 * @param onPart Must read the part's stream to its end, or reject.
 * @throws ServiceError `malformed_request` when it is no multipart body; `cancelled` when the client goes away; what
 *   `onPart` throws.
 */
export async function readMultipart(
  request: IncomingMessage,
  onPart: (part: Part) => Promise<void>,
): Promise<void> {
  const parser = createParser(request);
  const open = new Set<Readable>();
  const handled: Promise<void>[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      parser.on('file', (name, stream, ...[, , type]) => {
        open.add(stream);
        // Whoever reads the part hears of it; a part that nobody reads any more must not end the process.
        stream.on('error', () => undefined);
        stream.once('close', () => open.delete(stream));
        const part = onPart({ name, type, stream });
        handled.push(part);
        part.catch(reject);
      });
      parser.on('partsLimit', () => reject(malformed(`it has more than ${LIMITS.parts} parts`)));
      parser.on('error', (error) => reject(malformed(String((error as Error).message))));
      parser.on('finish', () => resolve());
      request.once('close', () => {
        if (!request.complete) reject(clientGone());
      });
      request.once('error', () => reject(clientGone()));
      request.pipe(parser);
    });
    await Promise.all(handled);
  } catch (error) {
    request.unpipe(parser);
    // What is still to come is read and dropped, or the client would not see the answer.
    request.resume();
    for (const stream of open) stream.destroy(error as Error);
    await Promise.allSettled(handled);
    throw error;
  }
}

function createParser(request: IncomingMessage): BusboyInstance {
  try {
    return new Busboy({ headers: request.headers as BusboyHeaders, isPartAFile: () => true, limits: LIMITS });
  } catch (cause) {
    throw malformed(String((cause as Error).message));
  }
}

function malformed(reason: string): ServiceError {
  return new ServiceError('malformed_request', `The multipart body cannot be read: ${reason}.`);
}
