import { z } from 'zod';
import { defineCapability } from '../../capability.js';
import { retentionDays } from '../../retention.js';

const service = 'control-plane';

const days = {
  predictionDays: retentionDays
    .optional()
    .describe('The most days that a prediction is kept; left out, as long as its contract says.'),
  jobDays: retentionDays
    .optional()
    .describe('The most days that an ended job is kept; left out, as long as its contract says.'),
};

const retention = z.strictObject({
  ...days,
  updatedAt: z.iso.datetime().nullable().describe('Null while nobody set anything.'),
});

export const getRetention = defineCapability({
  service,
  operation: 'retention.get',
  summary: 'Shows how long the tenant keeps its predictions and jobs.',
  input: z.strictObject({}),
  output: retention,
  http: { method: 'GET', path: '/v1/retention' },
  retrySafe: true,
});

export const putRetention = defineCapability({
  service,
  operation: 'retention.put',
  summary: 'Sets how long the tenant keeps its predictions and jobs.',
  description:
    'Each contract says how long its predictions and jobs are kept at most; a tenant can only shorten that. It counts ' +
    'for what is stored already as well: what is too old by then is gone within minutes. A field that is left out goes ' +
    'back to the contract.',
  input: z.strictObject(days),
  output: retention,
  http: { method: 'PUT', path: '/v1/retention' },
  access: 'administer',
  retrySafe: true,
});
