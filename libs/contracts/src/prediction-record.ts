import { z } from 'zod';
import { DATA_SUBJECT } from './wire.js';

/** A prediction on its way to the ledger, and as the ledger keeps it. */
export const predictionRecord = z.strictObject({
  id: z.uuid().describe('UUIDv7, the `id` of the answer.'),
  requestId: z.string(),
  service: z.string(),
  operation: z.string(),
  model: z.strictObject({ id: z.string(), version: z.string() }),
  inputSha256: z
    .string()
    .describe('Lower-case hex sha256 of the input as MessagePack, to prove what was asked.'),
  output: z.unknown(),
  explanation: z.record(z.string(), z.unknown()).optional(),
  confidence: z.number().min(0).max(1).optional().describe('Where the capability has a notion of it.'),
  warnings: z.array(z.string()),
  keyId: z.string().optional().describe('The API key that asked; absent for calls by NATS alone.'),
  subject: z
    .string()
    .regex(DATA_SUBJECT)
    .optional()
    .describe('Whom the input is about, as `Ganglion-Subject` said: by it the record can be erased.'),
  shadowOf: z
    .uuid()
    .optional()
    .describe('Id of the answer beside which a shadow computed this; it was never given to anyone.'),
  retainDays: z.int().min(1).optional().describe('How many days it is kept at most, as its contract says.'),
  createdAt: z.iso.datetime(),
});

export type PredictionRecord = z.output<typeof predictionRecord>;
