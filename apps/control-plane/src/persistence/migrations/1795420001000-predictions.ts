import { enableTenantIsolation } from '@ganglion/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Ids are UUIDv7, so that ranges of ids are ranges of time: months can become partitions, made ahead and dropped whole,
 * while `ON CONFLICT (tenant_id, id)` keeps a record unique. Until then all lie in the default partition.
 */
export class Predictions1795420001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE control.predictions (
        tenant_id text NOT NULL DEFAULT 'default',
        id uuid NOT NULL,
        request_id text NOT NULL,
        service text NOT NULL,
        operation text NOT NULL,
        model_id text NOT NULL,
        model_version text NOT NULL,
        input_sha256 text NOT NULL,
        output jsonb NOT NULL,
        explanation jsonb,
        confidence double precision,
        warnings jsonb NOT NULL,
        key_id text,
        review text NOT NULL DEFAULT 'none' CHECK (review IN ('none', 'pending', 'decided')),
        created_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id)
      ) PARTITION BY RANGE (id)`);
    await runner.query('CREATE TABLE control.predictions_default PARTITION OF control.predictions DEFAULT');
    await enableTenantIsolation(runner, 'control', 'predictions');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE control.predictions');
  }
}
