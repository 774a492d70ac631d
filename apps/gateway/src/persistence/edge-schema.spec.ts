import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createDataSource,
  databaseEnvironment,
  findIsolationFaults,
  migrate,
  type DatabaseSettings,
} from '@ganglion/persistence';
import { readEnvironment } from '@ganglion/service-kit/environment';
import { startServers, type TestServers } from '@ganglion/testing';
import { edgeSchema } from './edge-schema.js';

describe('the schema `edge`', () => {
  let servers: TestServers;
  let settings: DatabaseSettings;
  beforeAll(async () => {
    servers = await startServers();
    settings = readEnvironment(databaseEnvironment, servers.environment);
    await Promise.all([1, 2].map(() => migrate(edgeSchema, settings)));
  });
  afterAll(() => servers.stop());

  it('keeps tenants apart in every table', async () => {
    expect(await findIsolationFaults(edgeSchema, settings)).toEqual([]);
  });

  it('has entities that equal its tables', async () => {
    const runtime = await createDataSource(edgeSchema, 'runtime', settings).initialize();
    const { upQueries } = await runtime.driver.createSchemaBuilder().log();
    await runtime.destroy();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });
});
