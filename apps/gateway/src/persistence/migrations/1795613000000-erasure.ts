import { createErasureProofs } from '@ganglion/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The indexes hold rows with a subject alone, so that the others pay nothing for them. */
export class Erasure1795613000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['idempotency_keys', 'jobs', 'schedules']) {
      await runner.query(`ALTER TABLE edge.${table} ADD COLUMN subject text`);
    }
    for (const table of ['idempotency_keys', 'jobs']) {
      await runner.query(`
        CREATE INDEX ${table}_subject ON edge.${table} (tenant_id, subject) WHERE subject IS NOT NULL`);
    }
    await createErasureProofs(runner, 'edge');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE edge.erasure_proofs');
    for (const table of ['idempotency_keys', 'jobs', 'schedules']) {
      await runner.query(`ALTER TABLE edge.${table} DROP COLUMN subject`);
    }
  }
}
