import { z } from 'zod';

/** How much a key may ask for; what is left out is as the gateway's settings say. */
export const keyLimits = z.strictObject({
  requestsPerSecond: z
    .number()
    .positive()
    .max(100_000)
    .optional()
    .describe('Calls a second on average, over all gateways; the tenth of a call is fine.'),
  concurrency: z.int().min(1).max(100_000).optional().describe('Calls at the same time, over all gateways.'),
});

export type KeyLimits = z.output<typeof keyLimits>;
