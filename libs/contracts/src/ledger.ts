import { z } from 'zod';
import { defineCapability } from './capability.js';
import { predictionRecord } from './prediction-record.js';

/**
 * What Ganglion's own processes ask of the control plane. It belongs to no service's contract, for the service kit and
 * the gateway depend on it; the control plane serves it.
 */
const service = 'control-plane';

/** Commits predictions under the policy `before-answer`; the reply means that they are on disk. */
export const recordPredictions = defineCapability({
  service,
  operation: 'predictions.record',
  summary: 'Commits predictions to the ledger before their answers leave.',
  input: z.strictObject({ predictions: z.array(predictionRecord).min(1) }),
  output: z.strictObject({ recorded: z.int() }),
  http: null,
  scope: null,
  deadlineMs: 5_000,
  retrySafe: true,
});

/** What the gateway learns of a key, by the SHA-256 of the key. */
export const verifyKey = defineCapability({
  service,
  operation: 'keys.verify',
  summary: 'Tells whose key this is and what it may do.',
  input: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  output: z.strictObject({
    key: z
      .strictObject({
        id: z.uuid(),
        tenant: z.string(),
        scopes: z.array(z.string()),
        expiresAt: z.iso.datetime().nullable(),
      })
      .nullable()
      .describe('Null when there is no such key, or it was revoked or has expired.'),
  }),
  http: null,
  scope: null,
  deadlineMs: 5_000,
  retrySafe: true,
});

/** Event type: a key was revoked. Its payload is {@link KeyRevoked}; every gateway drops the key from its cache. */
export const KEY_REVOKED = 'key.revoked';

export interface KeyRevoked {
  readonly sha256: string;
}
