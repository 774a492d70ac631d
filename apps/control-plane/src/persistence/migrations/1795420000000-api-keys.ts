import { enableTenantIsolation } from '@ganglion/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ApiKeys1795420000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE control.api_keys (
        id uuid PRIMARY KEY,
        tenant_id text NOT NULL DEFAULT 'default',
        name text NOT NULL,
        scopes text[] NOT NULL,
        sha256 text NOT NULL UNIQUE,
        prefix text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        revoked_at timestamptz,
        last_used_at timestamptz
      )`);
    await enableTenantIsolation(runner, 'control', 'api_keys');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE control.api_keys');
  }
}
