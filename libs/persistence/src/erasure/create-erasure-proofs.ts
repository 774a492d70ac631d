import type { QueryRunner } from 'typeorm';
import { enableTenantIsolation } from '../tenant-isolation.js';

/** For migrations: makes the table in which a schema proves what it has erased: a row for each erasure and table. */
export async function createErasureProofs(runner: QueryRunner, schema: string): Promise<void> {
  await runner.query(`
    CREATE TABLE "${schema}".erasure_proofs (
      tenant_id text NOT NULL DEFAULT 'default',
      erasure_id uuid NOT NULL,
      table_name text NOT NULL,
      row_count int NOT NULL DEFAULT 0,
      sha256 text NOT NULL DEFAULT '',
      PRIMARY KEY (tenant_id, erasure_id, table_name)
    )`);
  await enableTenantIsolation(runner, schema, 'erasure_proofs');
}
