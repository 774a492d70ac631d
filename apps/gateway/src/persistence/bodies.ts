import type { BlobRef } from '@ganglion/contracts/media';
import type { BlobStore } from '@ganglion/persistence';
import { packBody, parseBlobRef, unpackBody, type PackedBody } from '@ganglion/service-kit/message-body';
import { BLOBS } from '@ganglion/service-kit/tokens';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** What of a body lies in its row; more goes to the blob store. */
const INLINE_BYTES = 64 * 1024;

/** Which row holds blobs, and what for. */
export interface Holder {
  readonly tenantId: string;
  readonly id: string;
}

/** A body as a row has it. */
export interface StoredBody {
  readonly data: Uint8Array;
  readonly ref: string | null;
}

/** The bodies of rows: small ones in the row, large ones as blobs that the row holds. */
@Injectable()
export class Bodies {
  constructor(@Inject(BLOBS) private readonly blobs: BlobStore) {}

  /** Stores a large body before its row: one that never gets its row is swept away. */
  pack(tenant: string, value: unknown): Promise<PackedBody> {
    return packBody(value, INLINE_BYTES, { tenant, blobs: this.blobs });
  }

  unpack(tenant: string, { data, ref }: StoredBody): Promise<unknown> {
    return unpackBody({ data, ref: ref ?? undefined }, { tenant, blobs: this.blobs });
  }

  /** In the transaction that writes the row. */
  async hold(
    manager: EntityManager,
    holder: Holder,
    purpose: string,
    refs: readonly (BlobRef | string | undefined)[],
  ): Promise<void> {
    for (const ref of refs) {
      if (ref === undefined) continue;
      const { lease, sha256, bytes } = typeof ref === 'string' ? parseBlobRef(ref) : ref;
      await manager.query(
        `INSERT INTO edge.held_blobs (tenant_id, lease, holder, purpose, sha256, bytes)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [holder.tenantId, lease, holder.id, purpose, sha256, bytes],
      );
    }
  }

  /** Gives up what a row holds; once that is committed, {@link release} removes it. @param purpose All, unless told. */
  async letGo(manager: EntityManager, holder: Holder, purpose?: string): Promise<BlobRef[]> {
    const [rows] = (await manager.query(
      `DELETE FROM edge.held_blobs WHERE tenant_id = $1 AND holder = $2 AND ($3::text IS NULL OR purpose = $3)
       RETURNING lease, sha256, bytes`,
      [holder.tenantId, holder.id, purpose ?? null],
    )) as [{ lease: string; sha256: string; bytes: string }[], number];
    return rows.map(({ lease, sha256, bytes }) => ({ lease, sha256, bytes: Number(bytes) }));
  }

  /** What cannot be removed now is swept away later. */
  async release(tenant: string, refs: readonly (BlobRef | string | undefined)[]): Promise<void> {
    for (const ref of refs) {
      if (ref === undefined) continue;
      const blob = typeof ref === 'string' ? parseBlobRef(ref) : ref;
      await this.blobs.release(tenant, blob).catch(() => undefined);
    }
  }
}
