import { z } from 'zod';
import { defineCapability } from '../../capability.js';
import { dataSubject, erasedTable } from '../../erasure.js';

const service = 'control-plane';

const erasure = z.strictObject({
  id: z.uuid(),
  scope: z.enum(['subject', 'everything']),
  subjectSha256: z
    .string()
    .nullable()
    .describe('Lower-case hex sha256 of the id of the subject; the id itself is forgotten at the end.'),
  state: z
    .enum(['running', 'settling', 'done'])
    .describe('`settling`: what was there is gone; calls that were under way are looked for once more.'),
  requestedBy: z.string().nullable().describe('Id of the API key that asked.'),
  erased: z
    .array(erasedTable.extend({ service: z.string() }))
    .describe('The proof: how many rows of each table went, and the digest of their ids.'),
  createdAt: z.iso.datetime(),
  erasedAt: z.iso.datetime().nullable().describe('When what was there had gone.'),
  doneAt: z.iso.datetime().nullable(),
});

export const createErasure = defineCapability({
  service,
  operation: 'erasures.create',
  summary: 'Erases what is kept of a data subject, or everything of the tenant, and leaves a proof.',
  description:
    'Predictions, jobs with their parts and blobs, idempotency keys, schedules and deliveries go; keys and settings ' +
    'stay. A job that waits or runs is stopped. Give either `subject` or `"everything": true`. It cannot be undone. ' +
    'What comes after the request is kept as ever.',
  input: z.strictObject({ subject: dataSubject.optional(), everything: z.literal(true).optional() }),
  output: erasure,
  http: { method: 'POST', path: '/v1/erasures', status: 202 },
  access: 'administer',
});

export const getErasure = defineCapability({
  service,
  operation: 'erasures.get',
  summary: 'Shows how far an erasure is, and its proof.',
  input: z.strictObject({ id: z.uuid() }),
  output: erasure,
  http: { method: 'GET', path: '/v1/erasures/{id}' },
  access: 'administer',
  retrySafe: true,
});

export const listErasures = defineCapability({
  service,
  operation: 'erasures.list',
  summary: 'Lists the erasures of the tenant, newest first.',
  input: z.strictObject({
    limit: z.int().min(1).max(100).default(20),
    after: z.uuid().optional().describe('Id of the last erasure of the page before.'),
  }),
  output: z.strictObject({ data: z.array(erasure), hasMore: z.boolean() }),
  http: { method: 'GET', path: '/v1/erasures' },
  access: 'administer',
  retrySafe: true,
});
