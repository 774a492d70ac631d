import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import type { TestServers } from './start-servers.js';
import { startServers } from './start-servers.js';

describe('startServers', () => {
  let servers: TestServers;
  beforeAll(async () => {
    servers = await startServers();
  });
  afterAll(() => servers.stop());

  it('gives a NATS server with JetStream that asks for its token', async () => {
    const { url, token } = servers.nats;
    const connection = await connect({ servers: url, token });
    expect(connection.info?.jetstream).toBe(true);
    await connection.close();
    await expect(connect({ servers: url, token: 'another' })).rejects.toThrow(/authorization/i);
  });

  it('gives an empty database of PostgreSQL 18 that sorts by code point', async () => {
    const client = new pg.Client({ connectionString: servers.postgres.url });
    await client.connect();
    const version = await client.query<{ server_version: string }>('SHOW server_version');
    expect(version.rows[0]?.server_version).toMatch(/^18\./);
    const sorted = await client.query<{ word: string }>(
      "SELECT word FROM unnest(ARRAY['é', 'b', 'B']) AS word ORDER BY word",
    );
    expect(sorted.rows.map(({ word }) => word)).toEqual(['B', 'b', 'é']);
    await client.end();
  });
});
