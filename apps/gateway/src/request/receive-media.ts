import { Readable } from 'node:stream';
import { ServiceError } from '@ganglion/contracts/errors';
import type { Media, MediaLimits } from '@ganglion/contracts/media';
import { vouchFor } from './check-media.js';
import type { Intake } from './intake.js';
import { clientGone, payloadTooLarge } from './read-body.js';

/**
 * Takes a media field's bytes as they come: small ones in memory, large ones unparsed into the blob store.
 *
 * @throws ServiceError `payload_too_large` past the field's limit; `cancelled` when the client goes away.
 */
export async function receiveMedia(
  stream: Readable,
  type: string,
  limits: MediaLimits,
  intake: Intake,
): Promise<Media> {
  const chunks = withinLimit(stream, limits.maxBytes);
  const held: Buffer[] = [];
  let size = 0;
  while (size <= intake.inlineBytes) {
    const { done, value } = await chunks.next();
    if (done) return vouchFor({ type, bytes: Buffer.concat(held) });
    held.push(value);
    size += value.byteLength;
  }
  try {
    const ref = await intake.blobs.put(intake.tenant, Readable.from(following(held, chunks)));
    intake.leases.push(ref);
    return vouchFor({ type, ref });
  } finally {
    // A store that takes nothing has not read to the end.
    await chunks.return();
  }
}

async function* withinLimit(stream: Readable, maxBytes: number): AsyncGenerator<Buffer, void> {
  let size = 0;
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > maxBytes) throw payloadTooLarge(maxBytes);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof ServiceError ? error : clientGone();
  } finally {
    // What is still to come is read and dropped, or the client would not see the answer.
    stream.resume();
  }
}

async function* following(
  held: readonly Buffer[],
  rest: AsyncGenerator<Buffer, void>,
): AsyncGenerator<Buffer> {
  yield* held;
  yield* rest;
}
