import { reachLedger, tenantTransaction } from '@ganglion/persistence';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { RetentionEntity } from './retention.entity.js';

/** What one tenant at a time has set. */
@Injectable()
export class RetentionRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  find(tenantId: string): Promise<RetentionEntity | null> {
    return reachLedger(
      tenantTransaction(this.dataSource, tenantId, (manager) =>
        manager.findOneBy(RetentionEntity, { tenantId }),
      ),
    );
  }

  put(retention: RetentionEntity): Promise<void> {
    return reachLedger(
      tenantTransaction(this.dataSource, retention.tenantId, async (manager) => {
        await manager.upsert(RetentionEntity, retention, ['tenantId']);
      }),
    );
  }
}
