import type { Readable } from 'node:stream';
import type { BlobRef } from '@ganglion/contracts/media';
import type { BlobStore, PutOptions } from '@ganglion/persistence';
import { BLOBS } from '@ganglion/service-kit/tokens';
import { Inject, Injectable } from '@nestjs/common';
import { BlobRoom } from './blob-room.js';

/** The blob store as requests get at it: it takes nothing while there is no room. */
@Injectable()
export class IntakeBlobs implements BlobStore {
  constructor(
    @Inject(BLOBS) private readonly blobs: BlobStore,
    private readonly room: BlobRoom,
  ) {}

  /** @throws ServiceError `storage_full` */
  checkRoom(): void {
    this.room.check();
  }

  /** @throws ServiceError `storage_full`, and as every blob store. */
  async put(tenant: string, source: Uint8Array | Readable, options?: PutOptions): Promise<BlobRef> {
    this.room.check();
    return this.blobs.put(tenant, source, options);
  }

  open(tenant: string, ref: BlobRef): Promise<Readable> {
    return this.blobs.open(tenant, ref);
  }

  read(tenant: string, ref: BlobRef): Promise<Uint8Array> {
    return this.blobs.read(tenant, ref);
  }

  release(tenant: string, ref: BlobRef): Promise<void> {
    return this.blobs.release(tenant, ref);
  }
}
