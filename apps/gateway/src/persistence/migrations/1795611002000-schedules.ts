import { enableTenantIsolation } from '@ganglion/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Schedules1795611002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE edge.schedules (
        tenant_id text NOT NULL DEFAULT 'default',
        id uuid PRIMARY KEY,
        name text NOT NULL,
        service text NOT NULL,
        operation text NOT NULL,
        policy jsonb NOT NULL,
        input bytea NOT NULL,
        cron text NOT NULL,
        time_zone text NOT NULL,
        key_id text,
        next_at timestamptz,
        last_job_id uuid,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX schedules_next_at ON edge.schedules (next_at)');
    await enableTenantIsolation(runner, 'edge', 'schedules');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE edge.schedules');
  }
}
