import {
  ErasureProofs,
  reachLedger,
  tenantTransaction,
  type ErasedTable,
  type Erasure,
} from '@ganglion/persistence';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { LessThan, type DataSource, type EntityManager } from 'typeorm';
import { ErasureEntity } from './erasure.entity.js';

/** Rows of one transaction. */
const BATCH = 1_000;

/** A shadow is as old as its answer. An id that is no UUIDv7 says nothing of its time; the record's own time does. */
const eraseOf = (condition: string): string => `
  WITH erased AS (
    DELETE FROM control.predictions WHERE (tenant_id, id) IN (
      SELECT tenant_id, id FROM control.predictions
      WHERE tenant_id = $1 AND (id < $2 OR shadow_of < $2 OR created_at <= $3)${condition}
      ORDER BY id LIMIT ${BATCH} FOR UPDATE)
    RETURNING id
  )
  SELECT id FROM erased`;

/** The erasures of one tenant at a time, and the predictions that they erase. */
@Injectable()
export class ErasureRepository {
  private readonly proofs = new ErasureProofs('control');

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async insert(erasure: ErasureEntity): Promise<void> {
    await this.inTenant(erasure.tenantId, (manager) => manager.insert(ErasureEntity, erasure));
  }

  find(tenantId: string, id: string): Promise<ErasureEntity | null> {
    return this.inTenant(tenantId, (manager) => manager.findOneBy(ErasureEntity, { tenantId, id }));
  }

  /** Newest first. @param after Id of an erasure that all of the page are older than. */
  page(tenantId: string, limit: number, after?: string): Promise<ErasureEntity[]> {
    const where = { tenantId, ...(after !== undefined && { id: LessThan(after) }) };
    return this.inTenant(tenantId, (manager) =>
      manager.find(ErasureEntity, { where, order: { id: 'DESC' }, take: limit }),
    );
  }

  async update(tenantId: string, id: string, change: Partial<ErasureEntity>): Promise<void> {
    await this.inTenant(tenantId, (manager) => manager.update(ErasureEntity, { tenantId, id }, change));
  }

  /** Removes predictions, batch by batch. @returns all that this erasure has removed of them. */
  async erasePredictions(erasure: Erasure & { readonly createdAt: Date }): Promise<ErasedTable[]> {
    const { tenantId, id, subject, createdAt } = erasure;
    const statement = eraseOf(subject === null ? '' : ' AND subject = $4');
    const values = [tenantId, id, createdAt, ...(subject === null ? [] : [subject])];
    for (let count = BATCH; count === BATCH;) {
      count = await this.inTenant(tenantId, async (manager) => {
        const rows: { id: string }[] = await manager.query(statement, values);
        await this.proofs.add(
          manager,
          erasure,
          'predictions',
          rows.map((row) => row.id),
        );
        return rows.length;
      });
    }
    return this.inTenant(tenantId, (manager) => this.proofs.read(manager, erasure));
  }

  private inTenant<T>(tenantId: string, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return reachLedger(tenantTransaction(this.dataSource, tenantId, work));
  }
}
