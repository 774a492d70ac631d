import { z } from 'zod';
import { defineCapability } from './capability.js';
import { DATA_SUBJECT } from './wire.js';

/** The id of a data subject, as `Ganglion-Subject` brings it. */
export const dataSubject = z
  .string()
  .regex(DATA_SUBJECT)
  .describe('Whom the data is about, as `Ganglion-Subject` named them.');

/** What an erasure has removed from one table. */
export const erasedTable = z.strictObject({
  table: z.string(),
  rows: z.int(),
  sha256: z
    .string()
    .describe(
      'Of the sorted ids of the rows, a line each; what went in several batches has the digest before as the first ' +
        'line of the next. Empty for no rows.',
    ),
});

/**
 * The operation by which a service that keeps data of its own takes part in erasures. Asked again, it goes on where it
 * stopped, and answers with all that it has removed under that id.
 */
export function defineErasure(service: string) {
  return defineCapability({
    service,
    operation: 'data.erase',
    summary: 'Removes what the service keeps of a data subject, or of its whole tenant.',
    input: z.strictObject({
      erasure: z.uuid().describe('UUIDv7 of the time at which it was asked for: what came later stays.'),
      subject: dataSubject.nullable().describe('Null for everything of the tenant.'),
    }),
    output: z.strictObject({
      isComplete: z.boolean().describe('False when there is more than one call has time for: ask again.'),
      erased: z.array(erasedTable),
    }),
    http: null,
    scope: null,
    deadlineMs: 60_000,
    retrySafe: true,
  });
}
