import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDataSource, findIsolationFaults, migrate } from '@ganglion/persistence';
import { startServers, type TestServers } from '@ganglion/testing';
import type { DataSource } from 'typeorm';
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
      'persistence/system/key-directory.ts',
      'persistence/system/system-data-source.ts',
    ]);
  });
});
