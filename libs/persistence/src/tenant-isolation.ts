import type { QueryRunner } from 'typeorm';
import { roleName } from './schema.js';

/** Setting of a transaction that names its tenant. Outside of one it is missing or empty, and equal to no tenant. */
export const TENANT_SETTING = 'ganglion.tenant';

/** Condition of the run-time role's policy. */
export const OWN_TENANT = `tenant_id = NULLIF(current_setting('${TENANT_SETTING}', true), '')`;

/**
 * For migrations: puts a table under forced row-level security and lets the run-time roles in. A table without this is
 * closed to both of them, and so is every partition but by its parent.
 *
 * @param table Name without its schema; it must have `tenant_id text NOT NULL DEFAULT 'default'`.
 */
export async function enableTenantIsolation(
  runner: QueryRunner,
  schema: string,
  table: string,
): Promise<void> {
  const qualified = `"${schema}"."${table}"`;
  const runtime = roleName(schema, 'runtime');
  const system = roleName(schema, 'system');
  for (const statement of [
    `ALTER TABLE ${qualified} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${qualified} FORCE ROW LEVEL SECURITY`,
    `CREATE POLICY own_tenant ON ${qualified} TO "${runtime}" USING (${OWN_TENANT}) WITH CHECK (${OWN_TENANT})`,
    `CREATE POLICY every_tenant ON ${qualified} TO "${system}" USING (true) WITH CHECK (true)`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ${qualified} TO "${runtime}", "${system}"`,
  ]) {
    await runner.query(statement);
  }
}
