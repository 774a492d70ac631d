import { defineEvent } from '@ganglion/contracts/event';
import { createInbox, createOutbox, enableTenantIsolation, type Schema } from '@ganglion/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';

export const thingHappened = defineEvent({
  type: 'thing.happened',
  summary: 'Something happened.',
  data: z.strictObject({ number: z.int() }),
});

export const otherHappened = defineEvent({ ...thingHappened, type: 'other.happened' });

class Events1795000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createOutbox(runner, 'happenings');
    await createInbox(runner, 'happenings');
    await runner.query(`
      CREATE TABLE happenings.effects (
        tenant_id text NOT NULL DEFAULT 'default', consumer text NOT NULL, number int NOT NULL
      )`);
    await enableTenantIsolation(runner, 'happenings', 'effects');
  }

  async down(): Promise<void> {}
}

/** The smallest schema whose owner emits and hears events, for tests. */
export const happenings: Schema = { name: 'happenings', entities: [], migrations: [Events1795000000000] };
