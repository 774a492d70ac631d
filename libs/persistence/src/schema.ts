import type { MigrationInterface } from 'typeorm';

/** The tables of one service. Nobody else reads them. */
export interface Schema {
  /** Name of the PostgreSQL schema: lower-case letters, digits and `_`. */
  readonly name: string;
  readonly entities: readonly EntityClass[];
  /** Their names end in the time they were written, which orders them: `Keys1795420000000`. */
  readonly migrations: readonly (new () => MigrationInterface)[];
}

export type EntityClass = new (...values: never[]) => object;

/**
 * Whose eyes a connection has. `runtime` sees the rows of the tenant whose transaction it is in; `system` sees all
 * tenants and is for what must cross them. Neither owns a table.
 */
export type RoleKind = 'runtime' | 'system';

/** Where TypeORM notes which migrations ran. The run-time roles cannot read it. */
export const MIGRATIONS_TABLE = 'migrations';

const SCHEMA_NAME = /^[a-z][a-z0-9_]{0,40}$/;

/**
 * Name of the login role of a schema: `control_runtime`.
 *
 * @throws TypeError when the schema's name would need quoting.
 */
export function roleName(schema: string, kind: RoleKind): string {
  if (!SCHEMA_NAME.test(schema)) throw new TypeError(`"${schema}" is no schema name.`);
  return `${schema}_${kind}`;
}
