import { join } from 'node:path';
import { ServiceError } from '@ganglion/contracts/errors';
import type { BlobRef } from '@ganglion/contracts/media';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { assertTenant } from '../tenant.js';

const SHA256 = /^[0-9a-f]{64}$/;
const LEASE = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A new lease: a UUIDv7, for links of one file share its times and only the name can tell a lease's age. */
export function newLease(): string {
  return uuidv7();
}

/** When a lease was made, in ms since 1970; `undefined` when the name is no lease. */
export function leaseTimeMs(name: string): number | undefined {
  return LEASE.test(name) ? Number.parseInt(name.replaceAll('-', '').slice(0, 12), 16) : undefined;
}

/** Folder of a content: one file in it per lease, all links to the same bytes. */
export function contentFolder(root: string, tenant: string, sha256: string): string {
  return join(root, tenant, sha256.slice(0, 2), sha256);
}

/**
 * The file of a lease. References come from other processes: what could leave the store is found nowhere.
 *
 * @throws ServiceError `not_found` when the reference is malformed.
 */
export function leaseFile(root: string, tenant: string, ref: BlobRef): string {
  assertTenant(tenant);
  if (!SHA256.test(ref.sha256) || !LEASE.test(ref.lease)) throw blobNotFound();
  return join(contentFolder(root, tenant, ref.sha256), ref.lease);
}

export function blobNotFound(cause?: unknown): ServiceError {
  return new ServiceError('not_found', 'There is no such blob, or it was released.', { cause });
}
