import { reachLedger, transaction } from '@ganglion/persistence';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { ApiKeyEntity } from '../api-key.entity.js';
import { SYSTEM_DATA_SOURCE } from './system-data-source.js';

/** Keys of every tenant: whoever verifies a key does not know yet whose it is. */
@Injectable()
export class KeyDirectory {
  constructor(@InjectDataSource(SYSTEM_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** Finds a key that works now, and notes its use, at most once a minute. */
  findUsable(sha256: string, now = new Date()): Promise<ApiKeyEntity | null> {
    return reachLedger(
      transaction(this.dataSource, async (manager) => {
        const key = await manager.findOneBy(ApiKeyEntity, { sha256 });
        if (key === null || !isUsable(key, now)) return null;
        if (!isUsedThisMinute(key, now)) await noteUse(manager, key, now);
        return key;
      }),
    );
  }

  /** Stores a key unless it is known; one that was revoked stays so. */
  async insertIfAbsent(key: ApiKeyEntity): Promise<void> {
    await reachLedger(
      transaction(this.dataSource, (manager) =>
        manager.createQueryBuilder().insert().into(ApiKeyEntity).values(key).orIgnore().execute(),
      ),
    );
  }
}

function isUsable({ revokedAt, expiresAt }: ApiKeyEntity, now: Date): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}

function isUsedThisMinute({ lastUsedAt }: ApiKeyEntity, now: Date): boolean {
  return lastUsedAt !== null && now.getTime() - lastUsedAt.getTime() < 60_000;
}

async function noteUse(manager: EntityManager, { id }: ApiKeyEntity, now: Date): Promise<void> {
  // Of many verifications at the same time, one writes.
  await manager.query(
    `UPDATE control.api_keys SET last_used_at = $2
     WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $2::timestamptz - interval '1 minute')`,
    [id, now],
  );
}
