import type { QueryRunner } from 'typeorm';
import { enableTenantIsolation } from '../tenant-isolation.js';

/**
 * For migrations: makes the table of a schema's outgoing events. `sent_to` names the stream that has the event, so that
 * a stream which was made anew is known to lack it; `json` rather than `jsonb` keeps any text as it was written.
 */
export async function createOutbox(runner: QueryRunner, schema: string): Promise<void> {
  await runner.query(`
    CREATE TABLE "${schema}".outbox (
      id uuid PRIMARY KEY,
      tenant_id text NOT NULL DEFAULT 'default',
      type text NOT NULL,
      event json NOT NULL,
      sent_to text,
      created_at timestamptz NOT NULL DEFAULT now()
    )`);
  await runner.query(`CREATE INDEX outbox_sent_to ON "${schema}".outbox (sent_to, id)`);
  await runner.query(`CREATE INDEX outbox_created_at ON "${schema}".outbox (created_at)`);
  await enableTenantIsolation(runner, schema, 'outbox');
}

/**
 * For migrations: makes the table of the events that a schema's consumers have dealt with: an event that comes again is
 * known by its id. `error` and `event` are set when it was given up.
 */
export async function createInbox(runner: QueryRunner, schema: string): Promise<void> {
  await runner.query(`
    CREATE TABLE "${schema}".inbox (
      consumer text NOT NULL,
      event_id uuid NOT NULL,
      tenant_id text NOT NULL DEFAULT 'default',
      received_at timestamptz NOT NULL DEFAULT now(),
      error text,
      event json,
      PRIMARY KEY (consumer, event_id)
    )`);
  await runner.query(`CREATE INDEX inbox_received_at ON "${schema}".inbox (received_at)`);
  await enableTenantIsolation(runner, schema, 'inbox');
}
