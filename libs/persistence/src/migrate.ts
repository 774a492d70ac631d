import type { DataSource, QueryRunner } from 'typeorm';
import { createAdministratorDataSource } from './data-source.js';
import type { DatabaseSettings } from './database-environment.js';
import { ensureRole } from './roles.js';
import { MIGRATIONS_TABLE, roleName, type Schema } from './schema.js';

/** First half of the key of the advisory lock; the second is the schema's. Any number that nobody else takes. */
const LOCK_SPACE = 0x67616e67;

/**
 * Brings a schema to the state that this code knows: schema, run-time roles with their password, tables. It may run
 * twice, and at the same time elsewhere; each waits for the other.
 *
 * @returns Names of the migrations that ran now.
 * @throws Error when the database cannot be reached, or was migrated by newer code.
 */
export async function migrate(schema: Schema, settings: DatabaseSettings): Promise<string[]> {
  const administrator = createAdministratorDataSource(schema, settings);
  await connect(administrator, settings);
  const runner = administrator.createQueryRunner();
  const lock = [LOCK_SPACE, schema.name];
  try {
    await runner.query('SELECT pg_advisory_lock($1, hashtext($2))', lock);
    await prepareSchema(runner, schema, settings.databaseRolePassword);
    await refuseNewerDatabase(runner, schema);
    const applied = await administrator.runMigrations({ transaction: 'all' });
    return applied.map(({ name }) => name);
  } finally {
    // The lock goes with its connection.
    await runner.release();
    await administrator.destroy();
  }
}

async function connect(administrator: DataSource, settings: DatabaseSettings): Promise<void> {
  try {
    await administrator.initialize();
  } catch (cause) {
    const { host, pathname } = new URL(settings.databaseUrl);
    const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
    throw new Error(`PostgreSQL at ${host}${pathname} (GANGLION_DATABASE_URL) cannot be used: ${reason}`, {
      cause,
    });
  }
}

async function prepareSchema(runner: QueryRunner, { name }: Schema, password: string): Promise<void> {
  await runner.query(`CREATE SCHEMA IF NOT EXISTS "${name}"`);
  for (const kind of ['runtime', 'system'] as const) {
    const role = roleName(name, kind);
    await ensureRole(runner, role, password);
    await runner.query(`GRANT USAGE ON SCHEMA "${name}" TO "${role}"`);
  }
}

async function refuseNewerDatabase(runner: QueryRunner, schema: Schema): Promise<void> {
  const table = `"${schema.name}"."${MIGRATIONS_TABLE}"`;
  const [{ exists }] = await runner.query('SELECT to_regclass($1) IS NOT NULL AS exists', [table]);
  if (!exists) return;
  const known = new Set(schema.migrations.map((migration) => migration.name));
  const applied: { name: string }[] = await runner.query(`SELECT name FROM ${table} ORDER BY timestamp`);
  const unknown = applied.map(({ name }) => name).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new Error(
    `The database is newer than this code: schema "${schema.name}" holds ${unknown.join(', ')}. ` +
      'Run the release that wrote it, or a later one.',
  );
}
