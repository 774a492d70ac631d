import { reachLedger } from '@ganglion/persistence';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { IsNull, Not, type DataSource } from 'typeorm';
import { RetentionEntity } from '../retention.entity.js';
import { SYSTEM_DATA_SOURCE } from './system-data-source.js';

/** Rows of one transaction: few enough that nobody waits for its locks. */
const BATCH = 1_000;

/** Predictions of one tenant that are kept equally long. */
interface Group {
  readonly tenantId: string;
  readonly retainDays: number;
  /** What the tenant made of it. */
  readonly days: number;
}

/** Steps from group to group by the index, so that it costs as much as there are groups, not rows. */
const GROUPS = `
  WITH RECURSIVE groups AS (
    (SELECT tenant_id, retain_days FROM control.predictions ORDER BY tenant_id, retain_days LIMIT 1)
    UNION ALL
    SELECT next.tenant_id, next.retain_days FROM groups CROSS JOIN LATERAL (
      SELECT tenant_id, retain_days FROM control.predictions
      WHERE (tenant_id, retain_days) > (groups.tenant_id, groups.retain_days)
      ORDER BY tenant_id, retain_days LIMIT 1) AS next
  )
  SELECT tenant_id AS "tenantId", retain_days AS "retainDays",
    LEAST(retain_days, retention.prediction_days) AS days
  FROM groups LEFT JOIN control.retention AS retention USING (tenant_id)`;

const PURGE = `
  WITH purged AS (
    DELETE FROM control.predictions WHERE (tenant_id, id) IN (
      SELECT tenant_id, id FROM control.predictions
      WHERE tenant_id = $1 AND retain_days = $2 AND created_at < now() - $3 * interval '1 day'
      ORDER BY created_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
    RETURNING 1
  )
  SELECT count(*)::int AS count FROM purged`;

/** Forgets the predictions of all tenants that have had their time. */
@Injectable()
export class PredictionPurge {
  constructor(@InjectDataSource(SYSTEM_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** @returns how many it removed, batch by batch, so that they are counted though it is stopped midway. */
  async *run(): AsyncGenerator<number> {
    const groups: Group[] = await reachLedger(this.dataSource.query(GROUPS));
    for (const { tenantId, retainDays, days } of groups) {
      for (let count = BATCH; count === BATCH;) {
        [{ count }] = await reachLedger(this.dataSource.query(PURGE, [tenantId, retainDays, days]));
        if (count > 0) yield count;
      }
    }
  }

  /** The tenants that have set how long their jobs are kept. */
  async jobDays(): Promise<{ tenant: string; days: number }[]> {
    const rows = await reachLedger(
      this.dataSource.getRepository(RetentionEntity).findBy({ jobDays: Not(IsNull()) }),
    );
    return rows.map(({ tenantId, jobDays }) => ({ tenant: tenantId, days: jobDays ?? 0 }));
  }
}
