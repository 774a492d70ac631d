/** Brings the schema `control` up to date, and ends: run before the service starts. */
import { databaseEnvironment, migrate } from '@ganglion/persistence';
import { readEnvironment } from '@ganglion/service-kit/environment';
import { createLogger } from '@ganglion/service-kit/logger';
import { controlSchema } from './persistence/control-schema.js';

const logger = createLogger('control-plane-migrate', 'info');
try {
  const applied = await migrate(controlSchema, readEnvironment(databaseEnvironment, process.env));
  logger.info({ applied }, applied.length === 0 ? 'The schema is up to date' : 'Migrated');
} catch (error) {
  logger.fatal(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
