import type { BlobRef } from '@ganglion/contracts/media';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { transaction } from '@ganglion/persistence';
import type { Metrics } from '@ganglion/service-kit/metrics';
import { purgedRowsCounter } from '@ganglion/service-kit/purged-rows';
import { METRICS } from '@ganglion/service-kit/tokens';
import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { Bodies, type Holder } from '../bodies.js';
import { SYSTEM_DATA_SOURCE } from './system-data-source.js';

const DAY_MS = 24 * 3_600_000;
const BATCH = 500;
const TABLES = ['jobs', 'idempotency_keys'] as const;

/** Ids of jobs are of the time that they came: none that ended before $3 has one above $2. */
const EXPIRE = `
  UPDATE edge.jobs SET expires_at = now() WHERE id IN (
    SELECT id FROM edge.jobs WHERE tenant_id = $1 AND id < $2 AND ended_at < $3 AND expires_at > now()
    LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
  RETURNING id`;

/** Forgets what has had its time. */
@Injectable()
export class Purge {
  private readonly purged: ReturnType<typeof purgedRowsCounter>;

  constructor(
    @Inject(SYSTEM_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly bodies: Bodies,
    @Inject(METRICS) metrics: Metrics,
  ) {
    this.purged = purgedRowsCounter(metrics.registry);
  }

  /** Removes expired rows, and the blobs that they held. */
  async run(): Promise<void> {
    for (const table of TABLES) {
      for (let count = BATCH; count === BATCH;) {
        count = await this.purge(table);
        this.purged.inc({ table }, count);
      }
    }
  }

  /** Lets the jobs of a tenant that ended that many days ago expire now, whatever their contracts say. */
  async expireAfter(tenant: string, days: number): Promise<void> {
    const endedBefore = Date.now() - days * DAY_MS;
    for (let count = BATCH; count === BATCH;) {
      const values = [tenant, uuidv7(endedBefore), new Date(endedBefore)];
      const [rows] = (await this.dataSource.query(EXPIRE, values)) as [unknown[], number];
      count = rows.length;
    }
  }

  /** Of leases, those that a row holds. */
  async held(leases: readonly string[]): Promise<Set<string>> {
    if (leases.length === 0) return new Set();
    const rows: { lease: string }[] = await this.dataSource.query(
      'SELECT lease FROM edge.held_blobs WHERE lease = ANY($1)',
      [leases],
    );
    return new Set(rows.map(({ lease }) => lease));
  }

  private async purge(table: (typeof TABLES)[number]): Promise<number> {
    const released: [string, BlobRef][] = [];
    const count = await transaction(this.dataSource, async (manager) => {
      const [rows] = (await manager.query(
        `DELETE FROM edge.${table} WHERE id IN (
           SELECT id FROM edge.${table} WHERE expires_at < now() LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
         RETURNING tenant_id AS "tenantId", id`,
      )) as [Holder[], number];
      for (const row of rows) {
        for (const ref of await this.bodies.letGo(manager, row)) released.push([row.tenantId, ref]);
      }
      return rows.length;
    });
    for (const [tenant, ref] of released) await this.bodies.release(tenant, [ref]);
    return count;
  }
}
