import { enableTenantIsolation } from '@ganglion/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys of before could do all that their scopes say: those that could make keys become administrators. */
export class RolesAndRotation1795600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE control.api_keys
        ADD COLUMN roles text[],
        ADD COLUMN limits jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN rotated_at timestamptz,
        ADD COLUMN token_public_key text,
        ADD COLUMN token_private_key text`);
    await runner.query(`
      UPDATE control.api_keys SET roles = CASE
        WHEN scopes && ARRAY['*', 'control-plane:*', 'control-plane:keys.create'] THEN ARRAY['admin']
        ELSE ARRAY['caller'] END`);
    await runner.query('ALTER TABLE control.api_keys ALTER COLUMN roles SET NOT NULL');
    await runner.query(`
      CREATE TABLE control.retired_secrets (
        sha256 text PRIMARY KEY,
        tenant_id text NOT NULL DEFAULT 'default',
        key_id uuid NOT NULL,
        expires_at timestamptz NOT NULL
      )`);
    await enableTenantIsolation(runner, 'control', 'retired_secrets');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE control.retired_secrets');
    await runner.query(`
      ALTER TABLE control.api_keys
        DROP COLUMN roles, DROP COLUMN limits, DROP COLUMN rotated_at, DROP COLUMN token_public_key, DROP COLUMN token_private_key`);
  }
}
