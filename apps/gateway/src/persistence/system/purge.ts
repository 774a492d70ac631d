import type { BlobRef } from '@ganglion/contracts/media';
import { transaction } from '@ganglion/persistence';
import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { Bodies, type Holder } from '../bodies.js';
import { SYSTEM_DATA_SOURCE } from './system-data-source.js';

const BATCH = 500;
const TABLES = ['jobs', 'idempotency_keys'] as const;

/** Forgets what has had its time. */
@Injectable()
export class Purge {
  constructor(
    @Inject(SYSTEM_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly bodies: Bodies,
  ) {}

  /** Removes expired rows, and the blobs that they held. @returns how many. */
  async run(): Promise<number> {
    let count = 0;
    for (const table of TABLES) count += await this.purge(table);
    return count;
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
