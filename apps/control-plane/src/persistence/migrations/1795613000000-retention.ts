import { enableTenantIsolation } from '@ganglion/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Predictions from before say nothing of their contract: they are kept as long as any. */
export class Retention1795613000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE control.predictions ADD COLUMN retain_days int NOT NULL DEFAULT 365');
    await runner.query(`
      CREATE INDEX predictions_retention ON control.predictions (tenant_id, retain_days, created_at)`);
    await runner.query(`
      CREATE TABLE control.retention (
        tenant_id text PRIMARY KEY DEFAULT 'default',
        prediction_days int,
        job_days int,
        updated_at timestamptz NOT NULL
      )`);
    await enableTenantIsolation(runner, 'control', 'retention');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE control.retention');
    await runner.query('ALTER TABLE control.predictions DROP COLUMN retain_days');
  }
}
