import { readEnvironment } from '@ganglion/service-kit/environment';
import type { TestServers } from '@ganglion/testing';
import { Column, Entity, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { databaseEnvironment, type DatabaseSettings } from '../src/database-environment.js';
import type { Schema } from '../src/schema.js';
import { enableTenantIsolation } from '../src/tenant-isolation.js';

@Entity({ schema: 'notebook', name: 'notes' })
export class Note {
  @PrimaryColumn('int')
  id!: number;

  @Column('text', { name: 'tenant_id', default: 'default' })
  tenantId!: string;

  @Column('text')
  text!: string;
}

class Notes1795000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE notebook.notes (
        id int PRIMARY KEY,
        tenant_id text NOT NULL DEFAULT 'default',
        text text NOT NULL
      )`);
    await enableTenantIsolation(runner, 'notebook', 'notes');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE notebook.notes');
  }
}

/** The smallest schema that keeps the rules, for tests. */
export const notebook: Schema = { name: 'notebook', entities: [Note], migrations: [Notes1795000000000] };

export function databaseSettings(servers: TestServers): DatabaseSettings {
  return readEnvironment(databaseEnvironment, servers.environment);
}
