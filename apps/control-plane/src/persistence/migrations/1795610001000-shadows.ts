import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The index holds shadows alone, so that the many answers pay nothing for it. */
export class Shadows1795610001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE control.predictions ADD COLUMN shadow_of uuid');
    await runner.query(`
      CREATE INDEX predictions_shadow_of ON control.predictions (tenant_id, shadow_of)
      WHERE shadow_of IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE control.predictions DROP COLUMN shadow_of');
  }
}
