import { enableTenantIsolation } from '@ganglion/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Slots1795610000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE control.slots (
        tenant_id text NOT NULL DEFAULT 'default',
        service text NOT NULL,
        slot text NOT NULL,
        versions jsonb NOT NULL,
        updated_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, service, slot)
      )`);
    await enableTenantIsolation(runner, 'control', 'slots');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE control.slots');
  }
}
