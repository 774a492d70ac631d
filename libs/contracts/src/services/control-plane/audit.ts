import { z } from 'zod';
import { auditEntry } from '../../audit.js';
import { defineCapability } from '../../capability.js';

const sequence = z.int().min(1);

export const listAudit = defineCapability({
  service: 'control-plane',
  operation: 'audit.list',
  summary: 'Lists administrative acts and refused logins of the tenant, newest first.',
  description:
    'Entries are only ever added. `hash` is the SHA-256 of the entry’s RFC 8785 JSON without `hash`; `previousHash` is the ' +
    'hash of the entry before, so that none can be changed or taken out unseen.',
  input: z.strictObject({
    limit: z.int().min(1).max(1_000).default(100),
    before: sequence.optional().describe('`sequence` of the last entry of the page before.'),
    action: z
      .string()
      .max(200)
      .optional()
      .describe('Of that action alone, such as `control-plane.keys.create`.'),
    actor: z.string().max(1_000).optional().describe('Of that actor alone.'),
  }),
  output: z.strictObject({
    data: z.array(
      auditEntry.extend({
        sequence: sequence.describe('Counts the entries of the tenant, from 1, without a gap.'),
        previousHash: z.string().nullable().describe('Null for the first.'),
        hash: z.string(),
      }),
    ),
    hasMore: z.boolean(),
  }),
  http: { method: 'GET', path: '/v1/audit' },
  access: 'administer',
  retrySafe: true,
});
