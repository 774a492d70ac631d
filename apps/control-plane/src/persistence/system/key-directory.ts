import type { AuditEntry } from '@ganglion/contracts/audit';
import { reachLedger, transaction } from '@ganglion/persistence';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ApiKeyEntity } from '../api-key.entity.js';
import { appendAudit } from '../append-audit.js';
import { RetiredSecretEntity } from '../retired-secret.entity.js';
import { SYSTEM_DATA_SOURCE } from './system-data-source.js';

/** A key, and the secret that it was found by, if that was replaced since. */
export interface FoundKey {
  readonly key: ApiKeyEntity;
  readonly retired: RetiredSecretEntity | null;
}

/** Keys of every tenant: whoever verifies a key does not know yet whose it is. */
@Injectable()
export class KeyDirectory {
  constructor(@InjectDataSource(SYSTEM_DATA_SOURCE) private readonly dataSource: DataSource) {}

  findBySecret(sha256: string): Promise<FoundKey | null> {
    return reachLedger(
      transaction(this.dataSource, async (manager) => {
        const key = await manager.findOneBy(ApiKeyEntity, { sha256 });
        if (key !== null) return { key, retired: null };
        const retired = await manager.findOneBy(RetiredSecretEntity, { sha256 });
        if (retired === null) return null;
        return { key: await manager.findOneByOrFail(ApiKeyEntity, { id: retired.keyId }), retired };
      }),
    );
  }

  findById(id: string): Promise<ApiKeyEntity | null> {
    return reachLedger(transaction(this.dataSource, (manager) => manager.findOneBy(ApiKeyEntity, { id })));
  }

  /** Stores a key unless its secret is known; one that was revoked or rotated stays so. */
  async insertIfAbsent(key: ApiKeyEntity, entry: AuditEntry): Promise<void> {
    await reachLedger(
      transaction(this.dataSource, async (manager) => {
        if (await manager.existsBy(RetiredSecretEntity, { sha256: key.sha256 })) return;
        const insert = manager.createQueryBuilder().insert().into(ApiKeyEntity).values(key);
        const { raw } = await insert.orIgnore().returning('id').execute();
        if (raw.length > 0) await appendAudit(manager, key.tenantId, [entry]);
      }),
    );
  }

  /** Notes when keys were last used, to the minute. @param uses By the key's id. */
  async noteUses(uses: ReadonlyMap<string, Date>): Promise<void> {
    await reachLedger(
      transaction(this.dataSource, (manager) =>
        manager.query(
          `UPDATE control.api_keys k SET last_used_at = date_trunc('minute', u.at)
           FROM unnest($1::uuid[], $2::timestamptz[]) AS u(id, at)
           WHERE k.id = u.id AND (k.last_used_at IS NULL OR k.last_used_at < date_trunc('minute', u.at))`,
          [[...uses.keys()], [...uses.values()]],
        ),
      ),
    );
  }
}
