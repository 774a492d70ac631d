import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServers, type TestServers } from '@ganglion/testing';
import type { DataSource } from 'typeorm';
import { databaseSettings, Note, notebook } from '../test/notes-schema.js';
import { createDataSource } from './data-source.js';
import { isDatabaseUnavailable, isDataRefused } from './database-error.js';
import { migrate } from './migrate.js';
import { tenantTransaction } from './transaction.js';

const STATEMENT_TIMEOUT_MS = 300;

describe('transaction', () => {
  let servers: TestServers;
  let runtime: DataSource;
  const insert = (id: number, text = 'a note'): Promise<unknown> =>
    tenantTransaction(runtime, 'default', (manager) => manager.insert(Note, { id, text }));
  const errorOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );

  beforeAll(async () => {
    servers = await startServers();
    const settings = databaseSettings(servers);
    await migrate(notebook, settings);
    runtime = await createDataSource(notebook, 'runtime', {
      ...settings,
      databasePoolSize: 1,
      databaseConnectTimeoutMs: 500,
      databaseStatementTimeoutMs: STATEMENT_TIMEOUT_MS,
    }).initialize();
  });
  afterAll(async () => {
    await runtime.destroy();
    await servers.stop();
  });

  it('leaves nothing of work that failed', async () => {
    const work = tenantTransaction(runtime, 'default', async (manager) => {
      await manager.insert(Note, { id: 1, text: 'half' });
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    await insert(1);
  });

  it('tells a value that is refused from a database that is away', async () => {
    const duplicate = await errorOf(insert(1));
    expect([isDataRefused(duplicate), isDatabaseUnavailable(duplicate)]).toEqual([true, false]);
    const nul = await errorOf(insert(2, 'a\u0000b'));
    expect([isDataRefused(nul), isDatabaseUnavailable(nul)]).toEqual([true, false]);
    const slow = await errorOf(runtime.query('SELECT pg_sleep(5)'));
    expect([isDataRefused(slow), isDatabaseUnavailable(slow)]).toEqual([false, true]);
    const wrong = await errorOf(runtime.query('SELECT nothing'));
    expect([isDataRefused(wrong), isDatabaseUnavailable(wrong)]).toEqual([false, false]);
  });

  it('fails in time while the server is frozen, and works again after it', async () => {
    const [{ pid }] = await runtime.query('SELECT pg_backend_pid() AS pid');
    process.kill(pid, 'SIGSTOP');
    const frozen = await errorOf(insert(3));
    process.kill(pid, 'SIGCONT');
    expect(isDatabaseUnavailable(frozen)).toBe(true);
    await insert(3);
  });

  it('works again after its connection was cut', async () => {
    const [{ pid }] = await runtime.query('SELECT pg_backend_pid() AS pid');
    const cut = tenantTransaction(runtime, 'default', async (manager) => {
      process.kill(pid, 'SIGTERM');
      await manager.query('SELECT pg_sleep(0.2)');
    });
    expect(isDatabaseUnavailable(await errorOf(cut))).toBe(true);
    await insert(4);
  });

  it('fails in time when the server is gone', async () => {
    await servers.postgres.stop();
    expect(isDatabaseUnavailable(await errorOf(insert(5)))).toBe(true);
    expect(isDatabaseUnavailable(await errorOf(insert(5)))).toBe(true);
  });
});
