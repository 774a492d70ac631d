import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServers, type TestServers } from '@ganglion/testing';
import type { DataSource } from 'typeorm';
import { databaseSettings, Note, notebook } from '../test/notes-schema.js';
import { findIsolationFaults } from './conformance.js';
import { createAdministratorDataSource, createDataSource } from './data-source.js';
import type { DatabaseSettings } from './database-environment.js';
import { migrate } from './migrate.js';
import { tenantTransaction, transaction } from './transaction.js';

describe('tenant isolation', () => {
  let servers: TestServers;
  let settings: DatabaseSettings;
  let runtime: DataSource;
  let system: DataSource;
  beforeAll(async () => {
    servers = await startServers();
    settings = databaseSettings(servers);
    await migrate(notebook, settings);
    runtime = await createDataSource(notebook, 'runtime', { ...settings, databasePoolSize: 1 }).initialize();
    system = await createDataSource(notebook, 'system', settings).initialize();
    await tenantTransaction(runtime, 'acme', (manager) =>
      manager.insert(Note, { id: 1, tenantId: 'acme', text: 'of acme' }),
    );
    await tenantTransaction(runtime, 'globex', (manager) =>
      manager.insert(Note, { id: 2, tenantId: 'globex', text: 'of globex' }),
    );
  });
  afterAll(async () => {
    await runtime.destroy();
    await system.destroy();
    await servers.stop();
  });

  it('shows a tenant its own rows', async () => {
    const notes = await tenantTransaction(runtime, 'acme', (manager) => manager.find(Note));
    expect(notes).toEqual([{ id: 1, tenantId: 'acme', text: 'of acme' }]);
  });

  it('shows the runtime role no row outside of a tenant transaction, on a connection that had one before', async () => {
    expect(await runtime.query('SELECT * FROM notebook.notes')).toEqual([]);
    expect(await transaction(runtime, (manager) => manager.find(Note))).toEqual([]);
  });

  it.each([
    ["SELECT * FROM notebook.notes WHERE tenant_id = 'globex'", []],
    ["UPDATE notebook.notes SET text = 'taken' WHERE id = 2 RETURNING id", [[], 0]],
    ['DELETE FROM notebook.notes WHERE id = 2 RETURNING id', [[], 0]],
  ])('hides the rows of another tenant from %s', async (statement, result) => {
    expect(await tenantTransaction(runtime, 'acme', (manager) => manager.query(statement))).toEqual(result);
  });

  it.each([
    ["INSERT INTO notebook.notes VALUES (3, 'globex', 'planted')", /row-level security/],
    ["INSERT INTO notebook.notes (id, text) VALUES (3, 'of default')", /row-level security/],
    ["UPDATE notebook.notes SET tenant_id = 'globex'", /row-level security/],
    ['ALTER TABLE notebook.notes DISABLE ROW LEVEL SECURITY', /must be owner/],
    ['TRUNCATE notebook.notes', /permission denied/],
    ['CREATE TABLE notebook.mine (id int)', /permission denied/],
    ['SELECT * FROM notebook.migrations', /permission denied/],
    ['SET LOCAL row_security = off; SELECT * FROM notebook.notes', /row-level security/],
    ['SET ROLE notebook_system', /permission denied/],
  ])('refuses %s', async (statement, message) => {
    await expect(tenantTransaction(runtime, 'acme', (manager) => manager.query(statement))).rejects.toThrow(
      message,
    );
  });

  it('refuses an empty tenant, by name and by setting', async () => {
    await expect(tenantTransaction(runtime, '', (manager) => manager.find(Note))).rejects.toThrow(/tenant/);
    await expect(runtime.query("INSERT INTO notebook.notes VALUES (3, '', 'nobody')")).rejects.toThrow(
      /row-level security/,
    );
  });

  it('shows the system role every tenant', async () => {
    const notes = await transaction(system, (manager) => manager.find(Note, { order: { id: 'ASC' } }));
    expect(notes.map(({ tenantId }) => tenantId)).toEqual(['acme', 'globex']);
  });

  it('is found whole by the conformance check', async () => {
    expect(await findIsolationFaults(notebook, settings)).toEqual([]);
  });

  it.each([
    ['CREATE TABLE notebook.bare (id int)', 'ALTER TABLE notebook.bare OWNER TO notebook_runtime'],
    ['CREATE TABLE notebook.bare (tenant_id text)', 'DROP POLICY own_tenant ON notebook.notes'],
  ])('is found broken after %s; %s', async (...statements) => {
    const administrator = await createAdministratorDataSource(notebook, settings).initialize();
    const runner = administrator.createQueryRunner();
    for (const statement of statements) await runner.query(statement);
    const faults = await findIsolationFaults(notebook, settings);
    await runner.query('DROP TABLE notebook.bare');
    await runner.release();
    await administrator.destroy();
    expect(faults).toContain(`table "bare" lacks tenant_id text NOT NULL DEFAULT 'default'`);
    expect(faults).toContain('table "bare" is not under forced row-level security');
    const last = statements.at(-1)?.startsWith('DROP')
      ? 'table "notes" lacks the policy of the own tenant'
      : 'notebook_runtime owns table notebook.bare';
    expect(faults).toContain(last);
  });
});
