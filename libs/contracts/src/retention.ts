import { z } from 'zod';
import { defineCapability } from './capability.js';

/** Days that a tenant may ask for. */
export const retentionDays = z.int().min(1).max(3_650);

/**
 * What the gateway asks before it forgets jobs. Tenants that set nothing are left out: their jobs are kept as long as
 * the contract says.
 */
export const readJobRetention = defineCapability({
  service: 'control-plane',
  operation: 'retention.read-jobs',
  summary: 'Tells the tenants that want their ended jobs forgotten sooner than the contract says, and when.',
  input: z.strictObject({}),
  output: z.strictObject({ tenants: z.array(z.strictObject({ tenant: z.string(), days: retentionDays })) }),
  http: null,
  scope: null,
  deadlineMs: 2_000,
  retrySafe: true,
});
