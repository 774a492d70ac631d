import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDataSource, findIsolationFaults, migrate, tenantTransaction } from '@ganglion/persistence';
import { startServers, type TestServers } from '@ganglion/testing';
import { DataSource } from 'typeorm';
import { databaseSettings, newRecord } from '../../test/running-control-plane.js';
import { controlSchema } from './control-schema.js';
import { PredictionRepository, toPredictionRow } from './prediction.repository.js';

const SOURCES = join(import.meta.dirname, '..');

describe('the schema `control`', () => {
  let servers: TestServers;
  let runtime: DataSource;
  beforeAll(async () => {
    servers = await startServers();
    await Promise.all([1, 2].map(() => migrate(controlSchema, databaseSettings(servers))));
    runtime = await createDataSource(controlSchema, 'runtime', databaseSettings(servers)).initialize();
    await new PredictionRepository(runtime).insert('acme', [toPredictionRow(newRecord())]);
  });
  afterAll(async () => {
    await runtime.destroy();
    await servers.stop();
  });

  it('keeps tenants apart in every table', async () => {
    expect(await findIsolationFaults(controlSchema, databaseSettings(servers))).toEqual([]);
  });

  it('shows the runtime role nothing outside of a tenant', async () => {
    expect(await runtime.query('SELECT * FROM control.predictions')).toEqual([]);
    expect(await runtime.query('SELECT * FROM control.api_keys')).toEqual([]);
  });

  it('lets nobody change or take out an entry of the audit', async () => {
    const settings = databaseSettings(servers);
    const system = await createDataSource(controlSchema, 'system', settings).initialize();
    const owner = await new DataSource({ type: 'postgres', url: settings.databaseUrl }).initialize();
    for (const [role, refusal] of [
      [runtime, /permission denied/],
      [system, /permission denied/],
      [owner, /never changed/],
    ] as const) {
      for (const statement of [
        "UPDATE control.audit SET actor = 'x'",
        'DELETE FROM control.audit',
        'TRUNCATE control.audit',
      ]) {
        await expect(role.query(statement)).rejects.toThrow(refusal);
      }
    }
    await Promise.all([system.destroy(), owner.destroy()]);
  });

  it('shows a tenant neither keys, retired secrets nor audit of another', async () => {
    const tables = ['api_keys', 'retired_secrets', 'audit'];
    const inserts = [
      `INSERT INTO control.retired_secrets (sha256, tenant_id, key_id, expires_at) VALUES ('a', 'globex', gen_random_uuid(), now())`,
      `INSERT INTO control.api_keys (id, tenant_id, name, roles, scopes, sha256, prefix)
       VALUES (gen_random_uuid(), 'globex', 'n', '{caller}', '{*}', 'b', 'p')`,
      `INSERT INTO control.audit (tenant_id, sequence, id, at, roles, action, object, outcome, count, hash)
       VALUES ('globex', 1, gen_random_uuid(), now(), '{}', 'a.b', '{}', 'succeeded', 1, 'h')`,
    ];
    for (const insert of inserts) {
      const asAcme = tenantTransaction(runtime, 'acme', (manager) => manager.query(insert));
      await expect(asAcme).rejects.toThrow(/row-level security/);
      await tenantTransaction(runtime, 'globex', (manager) => manager.query(insert));
    }
    for (const [tenant, count] of [
      ['acme', 0],
      ['globex', 1],
    ] as const) {
      for (const table of tables) {
        const rows = await tenantTransaction(runtime, tenant, (manager) =>
          manager.query(`SELECT * FROM control.${table}`),
        );
        expect(rows).toHaveLength(count);
      }
    }
  });

  it('closes the partition that would go around the policies', async () => {
    await expect(runtime.query('SELECT * FROM control.predictions_default')).rejects.toThrow(
      /permission denied/,
    );
  });

  it('has entities that equal its tables', async () => {
    const { upQueries } = await runtime.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });
});

describe('the system role', () => {
  it('is used by these files alone', async () => {
    const files = (await readdir(SOURCES, { recursive: true })).filter((file) =>
      /(?<!\.spec)\.ts$/.test(file),
    );
    const users: string[] = [];
    for (const file of files) {
      const source = await readFile(join(SOURCES, file), 'utf8');
      if (/SYSTEM_DATA_SOURCE|'system'/.test(source)) users.push(relative('.', file));
    }
    expect(users.sort()).toEqual([
      'persistence/persistence.module.ts',
      'persistence/system/due-erasures.ts',
      'persistence/system/key-directory.ts',
      'persistence/system/prediction-purge.ts',
      'persistence/system/system-data-source.ts',
    ]);
  });
});
