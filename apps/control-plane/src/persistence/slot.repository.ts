import { DEFAULT_TENANT } from '@ganglion/contracts/wire';
import { reachLedger, tenantTransaction } from '@ganglion/persistence';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { SlotEntity } from './slot.entity.js';

/**
 * What slots should use. A model is loaded once for all tenants, so that a slot has no tenant of its own: its row is of
 * the tenant `default`, under the same row-level security as every table, and no other tenant sees or writes it.
 */
@Injectable()
export class SlotRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  put(slot: Omit<SlotEntity, 'tenantId'>): Promise<void> {
    return this.work(async (manager) => {
      await manager.upsert(SlotEntity, { ...slot, tenantId: DEFAULT_TENANT }, [
        'tenantId',
        'service',
        'slot',
      ]);
    });
  }

  find(service: string, slot: string): Promise<SlotEntity | null> {
    return this.work((manager) => manager.findOneBy(SlotEntity, { service, slot }));
  }

  /** In order of their names. @param service Those of one service; of all unless told otherwise. */
  list(service?: string): Promise<SlotEntity[]> {
    const where = service === undefined ? {} : { service };
    return this.work((manager) =>
      manager.find(SlotEntity, { where, order: { service: 'ASC', slot: 'ASC' } }),
    );
  }

  /** @returns What was deleted; `null` when there was nothing. */
  delete(service: string, slot: string): Promise<SlotEntity | null> {
    return this.work(async (manager) => {
      const found = await manager.findOneBy(SlotEntity, { service, slot });
      if (found !== null) await manager.delete(SlotEntity, { tenantId: DEFAULT_TENANT, service, slot });
      return found;
    });
  }

  private work<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return reachLedger(tenantTransaction(this.dataSource, DEFAULT_TENANT, work));
  }
}
