import { z } from 'zod';
import { defineEvent } from '../event.js';

const job = z.strictObject({
  id: z.uuid(),
  service: z.string(),
  operation: z.string(),
});

/** Its result is not in the event: who needs it asks `GET /v1/jobs/{id}`. */
export const jobCompleted = defineEvent({
  type: 'job.completed',
  summary: 'A job ended with a result.',
  data: job,
});

export const jobFailed = defineEvent({
  type: 'job.failed',
  summary: 'A job ended without a result: it failed or was cancelled.',
  data: job.extend({
    state: z.enum(['failed', 'cancelled']),
    code: z.string().nullable().describe('Code of the problem; null when it was cancelled.'),
  }),
});
