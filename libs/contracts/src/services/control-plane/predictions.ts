import { z } from 'zod';
import { defineCapability } from '../../capability.js';
import { predictionRecord } from '../../prediction-record.js';

const prediction = predictionRecord.extend({
  review: z.enum(['none', 'pending', 'decided']),
  shadows: z
    .array(z.uuid())
    .optional()
    .describe('Ids of what shadows computed beside this answer; absent where none did.'),
});

export const getPrediction = defineCapability({
  service: 'control-plane',
  operation: 'predictions.get',
  summary: 'Finds the record of one answer in the ledger.',
  description:
    'An answer under the `async` policy reaches the ledger a moment after its caller: until then, and up to a minute ' +
    'after it was given, an id that is not there answers `prediction_pending` with Retry-After.',
  input: z.strictObject({ id: z.uuid().describe('The `id` of the answer.') }),
  output: prediction,
  http: { method: 'GET', path: '/v1/predictions/{id}' },
  retrySafe: true,
});
