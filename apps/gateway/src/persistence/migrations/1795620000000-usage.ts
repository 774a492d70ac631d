import { enableTenantIsolation } from '@ganglion/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Usage1795620000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE edge.usage (
        tenant_id text NOT NULL DEFAULT 'default',
        hour timestamptz NOT NULL,
        key_id text NOT NULL,
        operation text NOT NULL,
        calls bigint NOT NULL,
        errors bigint NOT NULL,
        items bigint NOT NULL,
        bytes_in bigint NOT NULL,
        bytes_out bigint NOT NULL,
        PRIMARY KEY (tenant_id, hour, key_id, operation)
      )`);
    await enableTenantIsolation(runner, 'edge', 'usage');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE edge.usage');
  }
}
