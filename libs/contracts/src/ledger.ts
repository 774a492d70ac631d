import { z } from 'zod';
import { ROLES } from './access.js';
import { defineCapability } from './capability.js';
import { keyLimits } from './key-limits.js';
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

/** What the gateway learns of a key. */
const verdict = z.strictObject({
  key: z
    .strictObject({
      id: z.uuid(),
      tenant: z.string(),
      roles: z.array(z.enum(ROLES)),
      scopes: z.array(z.string()),
      expiresAt: z.iso.datetime().nullable(),
      tokenKey: z
        .string()
        .nullable()
        .describe('Public Ed25519 key of its browser tokens, base64url; null while it has made none.'),
      limits: keyLimits,
    })
    .nullable()
    .describe('Null when it opens nothing.'),
  refusal: z
    .strictObject({
      code: z.enum(['unauthenticated', 'key_expired', 'key_revoked']),
      tenant: z.string().nullable().describe('Null for a key that nobody has.'),
      keyId: z.uuid().nullable(),
    })
    .nullable(),
});

const asking = { service, output: verdict, http: null, scope: null, deadlineMs: 5_000, retrySafe: true };

/** By the SHA-256 of the key. */
export const verifyKey = defineCapability({
  ...asking,
  operation: 'keys.verify',
  summary: 'Tells whose key this is and what it may do.',
  input: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
});

/** By the id of the key, which its browser tokens name. */
export const findKey = defineCapability({
  ...asking,
  operation: 'keys.find',
  summary: 'Tells what the key of that id may do, and who signs its browser tokens.',
  input: z.strictObject({ id: z.uuid() }),
});

/** Event type: a key was revoked or rotated. Its payload is {@link KeyChanged}; every gateway forgets what it knew of it. */
export const KEY_CHANGED = 'key.changed';

export interface KeyChanged {
  readonly id: string;
}
