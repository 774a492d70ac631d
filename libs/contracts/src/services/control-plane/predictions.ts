import { z } from 'zod';
import { defineCapability } from '../../capability.js';

const prediction = z.strictObject({
  id: z.uuid(),
  requestId: z.string(),
  service: z.string(),
  operation: z.string(),
  model: z.strictObject({ id: z.string(), version: z.string() }),
  inputSha256: z.string().describe('Lower-case hex sha256 of the input as MessagePack.'),
  output: z.unknown(),
  explanation: z.record(z.string(), z.unknown()).optional(),
  confidence: z.number().min(0).max(1).optional(),
  warnings: z.array(z.string()),
  keyId: z.string().optional().describe('The API key that asked.'),
  review: z.enum(['none', 'pending', 'decided']),
  createdAt: z.iso.datetime(),
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
