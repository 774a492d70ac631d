import { getMetadataArgsStorage } from 'typeorm';
import { createAdministratorDataSource } from './data-source.js';
import type { DatabaseSettings } from './database-environment.js';
import { MIGRATIONS_TABLE, roleName, type Schema } from './schema.js';
import { TENANT_SETTING } from './tenant-isolation.js';

interface TableFacts {
  readonly name: string;
  readonly isPartition: boolean;
  readonly hasTenant: boolean;
  readonly isForced: boolean;
  readonly runtimePolicies: string[];
  readonly systemPolicies: string[];
  readonly otherPolicies: number;
  readonly isOpen: boolean;
}

/** $1 schema, $2 and $3 the run-time roles, $4 the table of migrations, which has no tenant. */
const TABLE_FACTS = `
  SELECT c.relname AS name, c.relispartition AS "isPartition",
    c.relrowsecurity AND c.relforcerowsecurity AS "isForced",
    EXISTS (SELECT FROM information_schema.columns
      WHERE table_schema = $1 AND table_name = c.relname AND column_name = 'tenant_id' AND data_type = 'text'
        AND is_nullable = 'NO' AND column_default = '''default''::text') AS "hasTenant",
    ARRAY(SELECT concat_ws(' / ', cmd, qual, with_check) FROM pg_policies
      WHERE schemaname = $1 AND tablename = c.relname AND roles = ARRAY[$2::name]) AS "runtimePolicies",
    ARRAY(SELECT concat_ws(' / ', cmd, qual, with_check) FROM pg_policies
      WHERE schemaname = $1 AND tablename = c.relname AND roles = ARRAY[$3::name]) AS "systemPolicies",
    (SELECT count(*)::int FROM pg_policies
      WHERE schemaname = $1 AND tablename = c.relname AND roles NOT IN (ARRAY[$2::name], ARRAY[$3::name])) AS "otherPolicies",
    EXISTS (SELECT FROM unnest(ARRAY[$2, $3]) AS role
      WHERE has_table_privilege(role, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')) AS "isOpen"
  FROM pg_class c WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> $4
  ORDER BY c.relname`;

/** Things that a run-time role owns, in any schema, and what it may do beyond its grants. */
const ROLE_FAULTS = `
  SELECT format('%s owns %s', r.rolname, pg_describe_object(d.classid, d.objid, d.objsubid)) AS fault
    FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid AND d.refclassid = 'pg_authid'::regclass
    WHERE d.deptype = 'o' AND r.rolname IN ($1, $2)
      AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  UNION ALL
  SELECT format('%s may bypass row-level security or change roles', rolname) FROM pg_roles
    WHERE rolname IN ($1, $2) AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)
  UNION ALL
  SELECT format('%s is a member of %s', member::regrole, roleid::regrole) FROM pg_auth_members
    WHERE member::regrole::text IN ($1, $2)`;

const OWN_TENANT_POLICY = new RegExp(
  `^ALL / (\\(\\(?tenant_id = NULLIF\\(current_setting\\('${TENANT_SETTING}'::text, true\\), ''::text\\)\\)?\\)) / \\1$`,
);

/**
 * Checks that a migrated schema keeps tenants apart: every table has `tenant_id` under forced row-level security with
 * the two policies, partitions are closed but by their parent, and the run-time roles own nothing. For tests.
 *
 * @returns What is wrong, a sentence each; empty when all is well.
 */
export async function findIsolationFaults(schema: Schema, settings: DatabaseSettings): Promise<string[]> {
  const administrator = createAdministratorDataSource({ ...schema, migrations: [] }, settings);
  await administrator.initialize();
  const runner = administrator.createQueryRunner();
  try {
    const roles = [roleName(schema.name, 'runtime'), roleName(schema.name, 'system')];
    const tables: TableFacts[] = await runner.query(TABLE_FACTS, [schema.name, ...roles, MIGRATIONS_TABLE]);
    const roleFaults: { fault: string }[] = await runner.query(ROLE_FAULTS, roles);
    return [
      ...missingTables(schema, tables),
      ...tables.flatMap(tableFaults),
      ...roleFaults.map(({ fault }) => fault),
    ];
  } finally {
    await runner.release();
    await administrator.destroy();
  }
}

function missingTables(schema: Schema, tables: readonly TableFacts[]): string[] {
  const names = new Set(tables.map(({ name }) => name));
  return schema.entities.flatMap((entity) => {
    const declared = getMetadataArgsStorage().tables.find(({ target }) => target === entity);
    if (declared === undefined) return [`${entity.name} is no entity`];
    if (declared.schema !== undefined && declared.schema !== schema.name) {
      return [`${entity.name} is in another schema, "${declared.schema}"`];
    }
    return names.has(declared.name ?? '') ? [] : [`${entity.name} has no table "${declared.name ?? ''}"`];
  });
}

function tableFaults(table: TableFacts): string[] {
  const faults: string[] = [];
  const expect = (fact: boolean, otherwise: string): void => {
    if (!fact) faults.push(`table "${table.name}" ${otherwise}`);
  };
  expect(table.hasTenant, "lacks tenant_id text NOT NULL DEFAULT 'default'");
  if (table.isPartition) {
    expect(!table.isOpen, 'is a partition that can be read past its parent');
    return faults;
  }
  const [runtime, system] = [table.runtimePolicies, table.systemPolicies];
  expect(table.isForced, 'is not under forced row-level security');
  expect(
    runtime.length === 1 && OWN_TENANT_POLICY.test(runtime[0] ?? ''),
    'lacks the policy of the own tenant',
  );
  expect(system.length === 1 && system[0] === 'ALL / true / true', 'lacks the policy of the system role');
  expect(table.otherPolicies === 0, 'has a policy for someone else');
  return faults;
}
