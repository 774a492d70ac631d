import type { BlobRef } from '@ganglion/contracts/media';
import type { BlobStore } from '@ganglion/persistence';

/** Where one request's bytes go while it is read. */
export interface Intake {
  readonly tenant: string;
  readonly blobs: BlobStore;
  /** Media up to that size stay in memory and travel inside the message. */
  readonly inlineBytes: number;
  readonly maxJsonBytes: number;
  /** Blobs that were made for the request; they are released when it is answered. */
  readonly leases: BlobRef[];
}
