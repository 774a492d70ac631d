import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServers, type TestServers } from '@ganglion/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { databaseSettings, notebook } from '../test/notes-schema.js';
import { createAdministratorDataSource, createDataSource } from './data-source.js';
import type { DatabaseSettings } from './database-environment.js';
import { migrate } from './migrate.js';

class Later1796000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE notebook.notes ADD COLUMN mood text');
  }

  async down(): Promise<void> {}
}

describe('migrate', () => {
  let servers: TestServers;
  let settings: DatabaseSettings;
  beforeAll(async () => {
    servers = await startServers();
    settings = databaseSettings(servers);
  });
  afterAll(() => servers.stop());

  it('runs each migration once, however many processes start at the same time', async () => {
    const applied = await Promise.all([1, 2, 3].map(() => migrate(notebook, settings)));
    expect(applied.flat()).toEqual(['Notes1795000000000']);
    expect(await migrate(notebook, settings)).toEqual([]);
  });

  it('makes two schemas of one server at the same time', async () => {
    const names = ['left', 'right'];
    const schemas = names.map((name) => ({ name, entities: [], migrations: [] }));
    await Promise.all(schemas.flatMap((schema) => [migrate(schema, settings), migrate(schema, settings)]));
    const administrator = await createAdministratorDataSource(notebook, settings).initialize();
    const roles = await administrator.query(
      "SELECT rolname FROM pg_roles WHERE rolname ~ '^(left|right)_' ORDER BY 1",
    );
    await administrator.destroy();
    expect(roles.map(({ rolname }: { rolname: string }) => rolname)).toEqual([
      'left_runtime',
      'left_system',
      'right_runtime',
      'right_system',
    ]);
  });

  it('gives the roles a new password', async () => {
    const changed = { ...settings, databaseRolePassword: `it's another "one" \\ %` };
    await migrate(notebook, changed);
    const runtime = await createDataSource(notebook, 'runtime', changed).initialize();
    expect(await runtime.query('SELECT current_user')).toEqual([{ current_user: 'notebook_runtime' }]);
    await runtime.destroy();
    await expect(createDataSource(notebook, 'system', settings).initialize()).rejects.toThrow(
      /password authentication failed/,
    );
    await migrate(notebook, settings);
  });

  it('refuses a database that is newer than the code', async () => {
    await migrate({ ...notebook, migrations: [...notebook.migrations, Later1796000000000] }, settings);
    await expect(migrate(notebook, settings)).rejects.toThrow(
      'The database is newer than this code: schema "notebook" holds Later1796000000000.',
    );
  });

  it('names the place, and never the password, of a database that cannot be reached', async () => {
    const url = new URL(settings.databaseUrl);
    url.port = '1';
    const error = await migrate(notebook, { ...settings, databaseUrl: url.href }).catch((e: unknown) => e);
    expect(String(error)).toMatch(/PostgreSQL at 127\.0\.0\.1:1\/ganglion .* cannot be used: .*ECONNREFUSED/);
    expect(String(error)).not.toContain(url.password);
  });

  it('refuses a password that SCRAM would have to normalise', async () => {
    await expect(migrate(notebook, { ...settings, databaseRolePassword: 'päss' })).rejects.toThrow(
      'GANGLION_DATABASE_ROLE_PASSWORD must be printable ASCII.',
    );
  });
});
