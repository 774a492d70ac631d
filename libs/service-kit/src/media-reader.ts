import { ServiceError } from '@ganglion/contracts/errors';
import type { Media } from '@ganglion/contracts/media';
import type { BlobStore } from '@ganglion/persistence';
import type { CallContext } from './call-context.js';

/** Reads media fields, whether their bytes came in the message or lie in the blob store. */
export class MediaReader {
  /** A blob is the call's own and goes with it: what reads the same input later, such as a shadow, finds its bytes here. */
  private readonly blobBytes = new WeakMap<Media, Uint8Array>();

  constructor(private readonly blobs: BlobStore) {}

  /** @throws ServiceError `not_found` when the blob is gone, `invalid_input` when there is not one byte. */
  async read(media: Media, context: Pick<CallContext, 'tenant'>): Promise<Uint8Array> {
    const bytes = 'bytes' in media ? media.bytes : await this.readBlob(media, context.tenant);
    if (bytes.byteLength === 0)
      throw new ServiceError('invalid_input', 'The media is empty: it has no bytes.');
    return bytes;
  }

  private async readBlob(media: Extract<Media, { ref: unknown }>, tenant: string): Promise<Uint8Array> {
    const bytes = this.blobBytes.get(media) ?? (await this.blobs.read(tenant, media.ref));
    this.blobBytes.set(media, bytes);
    return bytes;
  }
}
