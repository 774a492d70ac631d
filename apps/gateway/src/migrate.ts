/** Brings the schema `edge` up to date, and ends: run before the gateway starts. */
import { migrateAndExit } from '@ganglion/service-kit/migrate-and-exit';
import { edgeSchema } from './persistence/edge-schema.js';

await migrateAndExit(edgeSchema);
