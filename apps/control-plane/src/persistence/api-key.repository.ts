import { reachLedger, tenantTransaction } from '@ganglion/persistence';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { IsNull, LessThan, type DataSource } from 'typeorm';
import { ApiKeyEntity } from './api-key.entity.js';

/** The keys of one tenant at a time. */
@Injectable()
export class ApiKeyRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  insert(key: ApiKeyEntity): Promise<void> {
    return reachLedger(
      tenantTransaction(this.dataSource, key.tenantId, async (manager) => {
        await manager.insert(ApiKeyEntity, key);
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

  /** Notes when a key was revoked, once. @returns The key as it is then; `null` when the tenant has none of that id. */
  revoke(tenantId: string, id: string, revokedAt: Date): Promise<ApiKeyEntity | null> {
    return reachLedger(
      tenantTransaction(this.dataSource, tenantId, async (manager) => {
        await manager.update(ApiKeyEntity, { id, tenantId, revokedAt: IsNull() }, { revokedAt });
        return manager.findOneBy(ApiKeyEntity, { id, tenantId });
      }),
    );
  }
}
