import { z } from 'zod';
import { ROLES } from '../../access.js';
import { defineCapability } from '../../capability.js';
import { keyLimits } from '../../key-limits.js';

const service = 'control-plane';

const scopes = z
  .array(z.string().min(1).max(128))
  .min(1)
  .max(100)
  .describe('What the key may do: `<service>:<operation>`, `<service>:*` or `*`.');

const roles = z
  .array(z.enum(ROLES))
  .min(1)
  .max(ROLES.length)
  .describe('What kinds of acts the key is good for: docs/security.md has the table.');

const keyId = z.uuid().describe('Id of the key; not the key itself.');

/** A key as it is shown: never its secret. */
const apiKey = z.strictObject({
  id: keyId,
  name: z.string(),
  roles,
  scopes,
  tenant: z.string(),
  prefix: z.string().describe('The first characters of the key, to tell keys apart.'),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable().describe('To the minute.'),
  rotatedAt: z.iso.datetime().nullable(),
  limits: keyLimits,
});

const newSecret = {
  key: z.string().describe('The secret: `gk_live_` and 32 random bytes. It is shown this once.'),
};

const administrative = {
  service,
  access: 'administer',
  audit: { by: 'service', object: [] },
} as const;

export const createKey = defineCapability({
  ...administrative,
  operation: 'keys.create',
  summary: 'Makes an API key.',
  description:
    'The answer holds the key once; only its SHA-256 is stored. No key gives a role or a scope that its maker lacks.',
  input: z.strictObject({
    name: z.string().min(1).max(200).describe('What the key is for.'),
    roles: roles.default(['caller']),
    scopes: scopes.default(['*']),
    expiresAt: z.iso
      .datetime()
      .optional()
      .describe('When the key stops working; never, unless told otherwise.'),
    limits: keyLimits.default({}),
  }),
  output: apiKey.extend(newSecret),
  http: { method: 'POST', path: '/v1/keys', status: 201 },
});

export const listKeys = defineCapability({
  service,
  access: 'administer',
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

export const rotateKey = defineCapability({
  ...administrative,
  operation: 'keys.rotate',
  summary: 'Gives an API key a new secret; the old one goes on for as long as is said.',
  description:
    'Id, roles, scopes and expiry stay. With `overlapSeconds` 0 every older secret and every browser token of the key ' +
    'stops at once: that is for a secret that leaked.',
  input: z.strictObject({
    id: keyId,
    overlapSeconds: z
      .int()
      .min(0)
      .max(30 * 86_400)
      .default(86_400)
      .describe('How long the old secret goes on; a day, unless told otherwise.'),
  }),
  output: apiKey.extend({
    ...newSecret,
    oldKeyExpiresAt: z.iso.datetime().describe('Until when the secret before this one works.'),
  }),
  http: { method: 'POST', path: '/v1/keys/{id}/rotate' },
});

export const revokeKey = defineCapability({
  ...administrative,
  operation: 'keys.revoke',
  summary: 'Revokes an API key and its browser tokens; every gateway refuses them within a second.',
  input: z.strictObject({ id: keyId }),
  output: apiKey,
  http: { method: 'DELETE', path: '/v1/keys/{id}' },
  retrySafe: true,
});
