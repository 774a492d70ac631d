import { enableTenantIsolation } from '@ganglion/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Not logged: what a crash of the database loses of them, the next second makes again. */
export class Limits1795610000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE UNLOGGED TABLE edge.rate_quotas (
        tenant_id text NOT NULL DEFAULT 'default',
        key_id text NOT NULL,
        tokens double precision NOT NULL,
        granted integer NOT NULL,
        refilled_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, key_id)
      )`);
    await runner.query(`
      CREATE UNLOGGED TABLE edge.concurrency_leases (
        tenant_id text NOT NULL DEFAULT 'default',
        key_id text NOT NULL,
        gateway_id uuid NOT NULL,
        slots integer NOT NULL,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, key_id, gateway_id)
      )`);
    for (const table of ['rate_quotas', 'concurrency_leases']) {
      await enableTenantIsolation(runner, 'edge', table);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE edge.concurrency_leases');
    await runner.query('DROP TABLE edge.rate_quotas');
  }
}
