import { z } from 'zod';
import { defineCapability } from './capability.js';

/** What the gateway tells of what it counted. It belongs to no service's contract: the gateway itself serves it. */
const service = 'edge';

/** One key's use of one operation within an hour. */
const usageRow = z.strictObject({
  hour: z.iso.datetime().describe('Start of the hour, UTC.'),
  keyId: z.string().describe('Id of the API key; `oidc:<subject>` or `anonymous` for who has none.'),
  operation: z.string().describe('`<service>.<operation>`.'),
  calls: z.int().describe('Calls that were answered, refused ones among them.'),
  errors: z.int().describe('Of them, those that were answered with a problem.'),
  items: z.int().describe('Inputs that were sent: one a call, or as many as `inputs` held.'),
  bytesIn: z.int().describe('Of request bodies, as their Content-Length says.'),
  bytesOut: z.int().describe('Of bodies of answers.'),
});

const filters = {
  from: z.iso.datetime().optional().describe('The first hour; a day ago, unless told otherwise.'),
  to: z.iso.datetime().optional().describe('Before that hour; now, unless told otherwise.'),
  keyId: z.string().min(1).max(200).optional(),
  operation: z.string().min(1).max(200).optional().describe('`<service>.<operation>`.'),
};

/** The most rows of one answer. */
export const MAX_USAGE_ROWS = 10_000;

export const listUsage = defineCapability({
  service,
  operation: 'usage.list',
  access: 'operate',
  audit: null,
  summary: 'Tells what the keys of the tenant used, by hour, key and operation.',
  description: `Counts reach the ledger within ten seconds. At most ${MAX_USAGE_ROWS} rows, oldest first: \`hasMore\` says that there are more.`,
  input: z.strictObject(filters),
  output: z.strictObject({ data: z.array(usageRow), hasMore: z.boolean() }),
  http: { method: 'GET', path: '/v1/usage' },
  retrySafe: true,
});

export const exportUsage = defineCapability({
  service,
  operation: 'usage.export',
  access: 'operate',
  audit: null,
  summary: 'Tells the same as usage.list as CSV (RFC 4180).',
  input: z.strictObject(filters),
  output: z.strictObject({ csv: z.string(), hasMore: z.boolean() }),
  http: { method: 'GET', path: '/v1/usage/export' },
  retrySafe: true,
});

export type UsageRow = z.output<typeof usageRow>;
