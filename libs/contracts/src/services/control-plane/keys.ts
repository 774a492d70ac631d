import { z } from 'zod';
import { defineCapability } from '../../capability.js';

const service = 'control-plane';

const scopes = z
  .array(z.string().regex(/^(\*|[a-z0-9-]+:(\*|[a-z0-9.-]+))$/))
  .min(1)
  .max(100)
  .describe('What the key may do: `<service>:<operation>`, `<service>:*` or `*`.');

const keyId = z.uuid().describe('Id of the key; not the key itself.');

/** A key as it is shown: never its secret. */
const apiKey = z.strictObject({
  id: keyId,
  name: z.string(),
  scopes,
  tenant: z.string(),
  prefix: z.string().describe('The first characters of the key, to tell keys apart.'),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
});

export const createKey = defineCapability({
  service,
  operation: 'keys.create',
  summary: 'Makes an API key.',
  description: 'The answer holds the key once; only its SHA-256 is stored.',
  input: z.strictObject({
    name: z.string().min(1).max(200).describe('What the key is for.'),
    scopes: scopes.default(['*']),
    expiresAt: z.iso
      .datetime()
      .optional()
      .describe('When the key stops working; never, unless told otherwise.'),
  }),
  output: apiKey.extend({ key: z.string().describe('The secret: `gk_live_` and 32 random bytes.') }),
  http: { method: 'POST', path: '/v1/keys', status: 201 },
});

export const listKeys = defineCapability({
  service,
  operation: 'keys.list',
  summary: 'Lists the API keys of the tenant, newest first.',
  input: z.strictObject({
    limit: z.int().min(1).max(100).default(20),
    after: keyId.optional().describe('Id of the last key of the page before.'),
  }),
  output: z.strictObject({ data: z.array(apiKey), hasMore: z.boolean() }),
  http: { method: 'GET', path: '/v1/keys' },
  retrySafe: true,
});

export const revokeKey = defineCapability({
  service,
  operation: 'keys.revoke',
  summary: 'Revokes an API key; every gateway refuses it within a second.',
  input: z.strictObject({ id: keyId }),
  output: apiKey,
  http: { method: 'DELETE', path: '/v1/keys/{id}' },
  retrySafe: true,
});
