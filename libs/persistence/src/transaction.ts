import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { isDatabaseUnavailable } from './database-error.js';
import { assertTenant } from './tenant.js';
import { TENANT_SETTING } from './tenant-isolation.js';

/**
 * Runs `work` in one transaction of a run-time role that sees and writes the rows of `tenant` alone.
 *
 * @throws ServiceError `invalid_input` when `tenant` is no name of a tenant.
 */
export async function tenantTransaction<Result>(
  dataSource: DataSource,
  tenant: string,
  work: (manager: EntityManager) => Promise<Result>,
): Promise<Result> {
  assertTenant(tenant);
  return transaction(dataSource, async (manager) => {
    await manager.query('SELECT set_config($1, $2, true)', [TENANT_SETTING, tenant]);
    return work(manager);
  });
}

/** Runs `work` in one transaction. For the system role; a run-time role would see no row in it. */
export async function transaction<Result>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<Result>,
): Promise<Result> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    const result = await work(runner.manager);
    await runner.commitTransaction();
    return result;
  } catch (error) {
    await abandon(runner, error);
    throw error;
  } finally {
    await runner.release();
  }
}

/** Rolls back; or closes a connection that may be stuck, so that nobody gets it from the pool. */
async function abandon(runner: QueryRunner, error: unknown): Promise<void> {
  try {
    if (!isDatabaseUnavailable(error)) return await runner.rollbackTransaction();
  } catch {
    // It can't even roll back: the first error says why.
  }
  const client = await runner.connect().catch(() => undefined);
  void (client as { end(): Promise<void> } | undefined)?.end().catch(() => {});
}
