import type { AuditEntry } from '@ganglion/contracts/audit';
import { reachLedger, tenantTransaction } from '@ganglion/persistence';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { LessThan, MoreThan, type DataSource, type EntityManager } from 'typeorm';
import { ApiKeyEntity } from './api-key.entity.js';
import { appendAudit } from './append-audit.js';
import { RetiredSecretEntity } from './retired-secret.entity.js';

/** What becomes of a key. */
export interface KeyChange {
  readonly fields: Partial<ApiKeyEntity>;
  /** Set when the fields hold a new secret: until when the old one goes on working. */
  readonly retire?: Date;
}

/** The keys of one tenant at a time. */
@Injectable()
export class ApiKeyRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @param entry Is on record if the key is. */
  insert(key: ApiKeyEntity, entry: AuditEntry): Promise<void> {
    return reachLedger(
      tenantTransaction(this.dataSource, key.tenantId, async (manager) => {
        await manager.insert(ApiKeyEntity, key);
        await appendAudit(manager, key.tenantId, [entry]);
      }),
    );
  }

  find(tenantId: string, id: string): Promise<ApiKeyEntity | null> {
    return reachLedger(
      tenantTransaction(this.dataSource, tenantId, (manager) =>
        manager.findOneBy(ApiKeyEntity, { id, tenantId }),
      ),
    );
  }

  /** Newest first. @param after Id of a key that all of the page are older than. */
  page(tenantId: string, limit: number, after?: string): Promise<ApiKeyEntity[]> {
    const where = { tenantId, ...(after !== undefined && { id: LessThan(after) }) };
    return reachLedger(
      tenantTransaction(this.dataSource, tenantId, (manager) =>
        manager.find(ApiKeyEntity, { where, order: { id: 'DESC' }, take: limit }),
      ),
    );
  }

  /**
   * Changes a key, which nobody else changes meanwhile.
   *
   * @param change What it becomes. What it throws undoes everything.
   * @param entry Is on record if the change is.
   * @returns The key as it is then; `null` when the tenant has none of that id.
   */
  change(
    { tenantId, id }: Pick<ApiKeyEntity, 'tenantId' | 'id'>,
    change: (key: ApiKeyEntity) => KeyChange,
    entry?: AuditEntry,
  ): Promise<ApiKeyEntity | null> {
    return reachLedger(
      tenantTransaction(this.dataSource, tenantId, async (manager) => {
        const lock = { mode: 'pessimistic_write' } as const;
        const key = await manager.findOne(ApiKeyEntity, { where: { id, tenantId }, lock });
        if (key === null) return null;
        const { fields, retire } = change(key);
        if (Object.keys(fields).length > 0) await manager.update(ApiKeyEntity, { id, tenantId }, fields);
        if (retire !== undefined) await retireSecret(manager, key, retire);
        if (entry !== undefined) await appendAudit(manager, tenantId, [entry]);
        return Object.assign(key, fields);
      }),
    );
  }
}

/** Keeps the secret that a key has now, and lets it work until then; older ones no longer than that. */
async function retireSecret(
  manager: EntityManager,
  { sha256, tenantId, id: keyId }: ApiKeyEntity,
  expiresAt: Date,
): Promise<void> {
  const older = { tenantId, keyId, expiresAt: MoreThan(expiresAt) };
  await manager.update(RetiredSecretEntity, older, { expiresAt });
  await manager.insert(RetiredSecretEntity, { sha256, tenantId, keyId, expiresAt });
}
