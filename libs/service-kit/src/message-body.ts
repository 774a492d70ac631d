import { ServiceError } from '@ganglion/contracts/errors';
import type { BlobRef } from '@ganglion/contracts/media';
import type { BlobStore } from '@ganglion/persistence';
import { decode, encode } from './codec.js';

/** What is sent: bytes inside the message, or the reference to a blob that holds them. */
export interface PackedBody {
  readonly data: Uint8Array;
  /** Value of the body-ref header, when the bytes went to the blob store. */
  readonly ref: string | undefined;
}

export interface BodyPlace {
  readonly tenant: string;
  readonly blobs: BlobStore;
}

/** nil: a message without a body would look like "no responders" to a NATS client. */
const NIL = new Uint8Array([0xc0]);

/** Encodes a body; above `limitBytes` it goes by the blob store, and whoever sent it releases it after the reply. */
export async function packBody(value: unknown, limitBytes: number, place: BodyPlace): Promise<PackedBody> {
  const bytes = encode(value);
  if (bytes.byteLength <= limitBytes) return { data: bytes, ref: undefined };
  const ref = await place.blobs.put(place.tenant, bytes);
  return { data: NIL, ref: JSON.stringify(ref) };
}

/**
 * Decodes a body, wherever it lies.
 *
 * @throws ServiceError `malformed_request` when it is not MessagePack or its blob is gone.
 */
export async function unpackBody(packed: PackedBody, place: BodyPlace): Promise<unknown> {
  const bytes =
    packed.ref === undefined ? packed.data : await place.blobs.read(place.tenant, parseBlobRef(packed.ref));
  try {
    return decode(bytes);
  } catch (cause) {
    throw new ServiceError('malformed_request', 'The message body is not MessagePack.', { cause });
  }
}

/** @throws ServiceError `malformed_request` when the header does not hold a blob reference. */
export function parseBlobRef(header: string): BlobRef {
  try {
    const { sha256, bytes, lease } = JSON.parse(header) as BlobRef;
    if (typeof sha256 === 'string' && Number.isInteger(bytes) && typeof lease === 'string') {
      return { sha256, bytes, lease };
    }
  } catch {
    // Told below, together with the JSON that is no reference.
  }
  throw new ServiceError('malformed_request', 'The body-ref header does not hold a blob reference.');
}
