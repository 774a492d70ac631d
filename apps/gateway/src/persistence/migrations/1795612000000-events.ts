import { createInbox, createOutbox, enableTenantIsolation } from '@ganglion/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Events1795612000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createOutbox(runner, 'edge');
    await createInbox(runner, 'edge');
    await runner.query(`
      CREATE TABLE edge.webhooks (
        id uuid PRIMARY KEY,
        tenant_id text NOT NULL DEFAULT 'default',
        url text NOT NULL,
        events text[] NOT NULL,
        description json NOT NULL,
        secret text NOT NULL,
        previous_secret text,
        previous_secret_until timestamptz,
        disabled_reason text,
        failing_since timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX webhooks_tenant ON edge.webhooks (tenant_id, id)');
    await enableTenantIsolation(runner, 'edge', 'webhooks');
    await runner.query(`
      CREATE TABLE edge.webhook_deliveries (
        id uuid PRIMARY KEY,
        tenant_id text NOT NULL DEFAULT 'default',
        webhook_id uuid NOT NULL REFERENCES edge.webhooks (id) ON DELETE CASCADE,
        event_id uuid NOT NULL,
        event_type text NOT NULL,
        body text NOT NULL,
        state text NOT NULL DEFAULT 'pending',
        attempts int NOT NULL DEFAULT 0,
        next_attempt_at timestamptz,
        log jsonb NOT NULL DEFAULT '[]',
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (webhook_id, event_id)
      )`);
    await runner.query(
      'CREATE INDEX webhook_deliveries_due ON edge.webhook_deliveries (webhook_id, state, next_attempt_at)',
    );
    await runner.query('CREATE INDEX webhook_deliveries_created ON edge.webhook_deliveries (created_at)');
    await enableTenantIsolation(runner, 'edge', 'webhook_deliveries');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['webhook_deliveries', 'webhooks', 'inbox', 'outbox']) {
      await runner.query(`DROP TABLE edge.${table}`);
    }
  }
}
