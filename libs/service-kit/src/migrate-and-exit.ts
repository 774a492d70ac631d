import { databaseEnvironment, migrate, type Schema } from '@ganglion/persistence';
import { readEnvironment } from './environment.js';
import { createLogger } from './logger.js';

/** The whole of an app's `migrate.ts`: brings its schema up to date; the process's exit code says whether it is. */
export async function migrateAndExit(schema: Schema): Promise<void> {
  const logger = createLogger(`migrate-${schema.name}`, 'info');
  try {
    const applied = await migrate(schema, readEnvironment(databaseEnvironment, process.env));
    logger.info({ applied }, applied.length === 0 ? 'The schema is up to date' : 'Migrated');
  } catch (error) {
    logger.fatal(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
