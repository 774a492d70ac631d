import { createErasureProofs, enableTenantIsolation } from '@ganglion/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Predictions from before say nothing of their contract: they are kept as long as any. */
export class Retention1795613000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE control.predictions ADD COLUMN retain_days int NOT NULL DEFAULT 365');
    await runner.query(`
      CREATE INDEX predictions_retention ON control.predictions (tenant_id, retain_days, created_at)`);
    await runner.query('ALTER TABLE control.predictions ADD COLUMN subject text');
    await runner.query(`
      CREATE INDEX predictions_subject ON control.predictions (tenant_id, subject) WHERE subject IS NOT NULL`);
    await runner.query(`
      CREATE TABLE control.retention (
        tenant_id text PRIMARY KEY DEFAULT 'default',
        prediction_days int,
        job_days int,
        updated_at timestamptz NOT NULL
      )`);
    await enableTenantIsolation(runner, 'control', 'retention');
    await runner.query(`
      CREATE TABLE control.erasures (
        tenant_id text NOT NULL DEFAULT 'default',
        id uuid PRIMARY KEY,
        subject text,
        subject_sha256 text,
        state text NOT NULL DEFAULT 'running',
        requested_by text,
        erased jsonb NOT NULL DEFAULT '[]',
        created_at timestamptz NOT NULL,
        erased_at timestamptz,
        done_at timestamptz,
        due_at timestamptz
      )`);
    await runner.query('CREATE INDEX erasures_tenant ON control.erasures (tenant_id, id)');
    await runner.query('CREATE INDEX erasures_due_at ON control.erasures (due_at) WHERE due_at IS NOT NULL');
    await enableTenantIsolation(runner, 'control', 'erasures');
    await createErasureProofs(runner, 'control');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['erasure_proofs', 'erasures', 'retention']) {
      await runner.query(`DROP TABLE control.${table}`);
    }
    await runner.query('ALTER TABLE control.predictions DROP COLUMN retain_days, DROP COLUMN subject');
  }
}
