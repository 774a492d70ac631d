import { enableTenantIsolation } from '@ganglion/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Jobs1795611001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE edge.jobs (
        tenant_id text NOT NULL DEFAULT 'default',
        id uuid PRIMARY KEY,
        service text NOT NULL,
        operation text NOT NULL,
        class text NOT NULL,
        state text NOT NULL DEFAULT 'queued',
        is_dead boolean NOT NULL DEFAULT false,
        request_id text NOT NULL,
        key_id text,
        traceparent text,
        model text,
        input bytea,
        input_ref text,
        refused bytea,
        outcome bytea,
        outcome_ref text,
        checkpoint bytea,
        checkpoint_ref text,
        checkpoint_parts int NOT NULL DEFAULT 0,
        parts int NOT NULL DEFAULT 0,
        progress jsonb,
        timeout_ms int NOT NULL,
        retain_days int NOT NULL,
        runs int NOT NULL DEFAULT 0,
        crashes int NOT NULL DEFAULT 0,
        retries int NOT NULL DEFAULT 0,
        worker text,
        lease_until timestamptz,
        is_cancel_requested boolean NOT NULL DEFAULT false,
        run_after timestamptz NOT NULL DEFAULT now(),
        published_at timestamptz,
        published_to text,
        created_at timestamptz NOT NULL DEFAULT now(),
        queued_at timestamptz NOT NULL DEFAULT now(),
        started_at timestamptz,
        ended_at timestamptz,
        expires_at timestamptz
      )`);
    for (const [name, columns] of INDEXES) {
      await runner.query(`CREATE INDEX jobs_${name} ON edge.jobs (${columns})`);
    }
    await enableTenantIsolation(runner, 'edge', 'jobs');
    await runner.query(`
      CREATE TABLE edge.job_parts (
        tenant_id text NOT NULL DEFAULT 'default',
        job_id uuid NOT NULL REFERENCES edge.jobs (id) ON DELETE CASCADE,
        index int NOT NULL,
        value bytea NOT NULL,
        PRIMARY KEY (job_id, index)
      )`);
    await enableTenantIsolation(runner, 'edge', 'job_parts');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE edge.job_parts');
    await runner.query('DROP TABLE edge.jobs');
  }
}

const INDEXES = [
  ['tenant', 'tenant_id, id'],
  ['queue', 'state, service, class, queued_at'],
  ['lease', 'state, lease_until'],
  ['pace', 'service, class, ended_at'],
  ['expires_at', 'expires_at'],
] as const;
