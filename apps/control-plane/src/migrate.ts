/** Brings the schema `control` up to date, and ends: run before the service starts. */
import { migrateAndExit } from '@ganglion/service-kit/migrate-and-exit';
import { controlSchema } from './persistence/control-schema.js';

await migrateAndExit(controlSchema);
