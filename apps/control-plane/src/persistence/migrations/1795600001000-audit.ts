import { enableTenantIsolation } from '@ganglion/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Entries are added and read, and nothing else: the run-time roles may not, and the owner is stopped by a trigger. */
export class Audit1795600001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE control.audit (
        tenant_id text NOT NULL DEFAULT 'default',
        sequence integer NOT NULL,
        id uuid NOT NULL,
        at timestamptz NOT NULL,
        actor text,
        credential text,
        roles text[] NOT NULL,
        address text,
        action text NOT NULL,
        object jsonb NOT NULL,
        request_id text,
        outcome text NOT NULL,
        count integer NOT NULL,
        previous_hash text,
        hash text NOT NULL,
        PRIMARY KEY (tenant_id, sequence),
        UNIQUE (tenant_id, id)
      )`);
    await enableTenantIsolation(runner, 'control', 'audit');
    await runner.query('REVOKE UPDATE, DELETE ON control.audit FROM control_runtime, control_system');
    await runner.query(`
      CREATE FUNCTION control.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'entries of %.% are never changed', TG_TABLE_SCHEMA, TG_TABLE_NAME; END $$`);
    await runner.query(`
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON control.audit
        FOR EACH STATEMENT EXECUTE FUNCTION control.refuse_change()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE control.audit');
    await runner.query('DROP FUNCTION control.refuse_change');
  }
}
