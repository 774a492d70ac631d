import type { Readable } from 'node:stream';
import type { BlobRef } from '@ganglion/contracts/media';

export interface PutOptions {
  /** The most bytes that are taken. */
  readonly maxBytes?: number | undefined;
}

/**
 * Bytes too large for a message or a row, addressed by tenant and content. Every `put` gives its holder a lease of its
 * own; the bytes live as long as one lease does, and are never shared across tenants.
 */
export interface BlobStore {
  /** @throws ServiceError `payload_too_large` when `source` goes on past `maxBytes`; nothing of it is kept. */
  put(tenant: string, source: Uint8Array | Readable, options?: PutOptions): Promise<BlobRef>;
  /** @throws ServiceError `not_found` when the tenant has no such blob under that lease. */
  open(tenant: string, ref: BlobRef): Promise<Readable>;
  /** @throws ServiceError `not_found` when the tenant has no such blob under that lease. */
  read(tenant: string, ref: BlobRef): Promise<Uint8Array>;
  /** Gives a lease back. Once is enough; a lease that is gone already is no error. */
  release(tenant: string, ref: BlobRef): Promise<void>;
}
