import { enableTenantIsolation } from '@ganglion/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Contracts are the installation's: their rows are those of the tenant `default`. */
export class Contracts1795630000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE edge.contracts (
        tenant_id text NOT NULL DEFAULT 'default',
        service text NOT NULL,
        digest text NOT NULL,
        document jsonb NOT NULL,
        seen_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, service)
      )`);
    await enableTenantIsolation(runner, 'edge', 'contracts');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE edge.contracts');
  }
}
