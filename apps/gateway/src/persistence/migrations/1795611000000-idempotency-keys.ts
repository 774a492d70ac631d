import { enableTenantIsolation } from '@ganglion/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IdempotencyKeys1795611000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE edge.idempotency_keys (
        tenant_id text NOT NULL DEFAULT 'default',
        caller_id text NOT NULL,
        route text NOT NULL,
        key text NOT NULL,
        id uuid NOT NULL,
        input_sha256 text NOT NULL,
        job_id uuid,
        runs int NOT NULL DEFAULT 1,
        holder uuid,
        lease_until timestamptz,
        status int,
        headers jsonb,
        body bytea,
        body_ref text,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, caller_id, route, key)
      )`);
    await runner.query('CREATE INDEX idempotency_keys_expires_at ON edge.idempotency_keys (expires_at)');
    await enableTenantIsolation(runner, 'edge', 'idempotency_keys');
    await runner.query(`
      CREATE TABLE edge.held_blobs (
        tenant_id text NOT NULL DEFAULT 'default',
        lease uuid NOT NULL,
        holder uuid NOT NULL,
        purpose text NOT NULL,
        sha256 text NOT NULL,
        bytes bigint NOT NULL,
        PRIMARY KEY (tenant_id, lease)
      )`);
    await runner.query('CREATE INDEX held_blobs_holder ON edge.held_blobs (holder)');
    await enableTenantIsolation(runner, 'edge', 'held_blobs');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE edge.held_blobs');
    await runner.query('DROP TABLE edge.idempotency_keys');
  }
}
