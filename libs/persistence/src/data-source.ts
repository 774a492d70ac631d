import { DataSource, type DataSourceOptions } from 'typeorm';
import type { DatabaseSettings } from './database-environment.js';
import { MIGRATIONS_TABLE, roleName, type RoleKind, type Schema } from './schema.js';

/** What of the administrator's URL also holds for the run-time roles; a client certificate does not. */
const SHARED_PARAMETERS = ['host', 'port', 'sslmode', 'sslrootcert', 'uselibpqcompat'];

/** How a process connects at run time, for `TypeOrmModule.forRoot` or {@link createDataSource}. */
export function dataSourceOptions(
  schema: Schema,
  kind: RoleKind,
  settings: DatabaseSettings,
): DataSourceOptions {
  const statementTimeoutMs = settings.databaseStatementTimeoutMs;
  const connectionString = roleUrl(settings, roleName(schema.name, kind));
  return {
    type: 'postgres',
    schema: schema.name,
    entities: [...schema.entities],
    synchronize: false,
    installExtensions: false,
    applicationName: `ganglion ${roleName(schema.name, kind)}`,
    poolSize: settings.databasePoolSize,
    connectTimeoutMS: settings.databaseConnectTimeoutMs,
    extra: {
      connectionString,
      keepAlive: true,
      statement_timeout: statementTimeoutMs,
      // The client's own clock, for a server that is frozen and can't end the statement itself.
      query_timeout: statementTimeoutMs + 1_000,
      idle_in_transaction_session_timeout: statementTimeoutMs * 2,
    },
  };
}

/** A data source at run time; `initialize()` connects it. It never changes a table. */
export function createDataSource(schema: Schema, kind: RoleKind, settings: DatabaseSettings): DataSource {
  return new DataSource(dataSourceOptions(schema, kind, settings));
}

/** The administrator's data source, which migrates: one connection for the lock, one for the work. */
export function createAdministratorDataSource(schema: Schema, settings: DatabaseSettings): DataSource {
  return new DataSource({
    type: 'postgres',
    schema: schema.name,
    migrations: [...schema.migrations],
    migrationsTableName: MIGRATIONS_TABLE,
    synchronize: false,
    installExtensions: false,
    applicationName: `ganglion migrate ${schema.name}`,
    poolSize: 2,
    connectTimeoutMS: settings.databaseConnectTimeoutMs,
    extra: { connectionString: settings.databaseUrl },
  });
}

function roleUrl(settings: DatabaseSettings, role: string): string {
  const url = new URL(settings.databaseUrl);
  url.username = role;
  url.password = encodeURIComponent(settings.databaseRolePassword);
  for (const name of [...url.searchParams.keys()]) {
    if (!SHARED_PARAMETERS.includes(name)) url.searchParams.delete(name);
  }
  return url.href;
}
