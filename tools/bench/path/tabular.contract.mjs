import { defineCapability } from '@ganglion/contracts/capability';
import { z } from 'zod';

/** 30 numbers to one. */
export const tabular = defineCapability({
  service: 'bench',
  operation: 'tabular',
  summary: 'Scores 30 numbers.',
  input: z.strictObject({ features: z.array(z.number()).length(30) }),
  output: z.strictObject({ score: z.number() }),
  prediction: { ledger: 'async', retainInput: 'never', retainDays: 1, reviewable: false },
});
