import { z } from 'zod';
import { ROLES } from '../../access.js';
import { defineCapability } from '../../capability.js';

const scopes = z
  .array(z.string().min(1).max(128))
  .min(1)
  .max(20)
  .describe('What the token may do: some of what its key may.');

const origins = z
  .array(z.string().min(1).max(200))
  .max(10)
  .describe('Origins whose pages may send it, such as `https://app.example`; any, when empty.');

const roles = z.array(z.enum(ROLES).exclude(['admin'])).min(1);

export const createToken = defineCapability({
  service: 'control-plane',
  operation: 'tokens.create',
  summary: 'Makes a short-lived token of an API key, for a page in a browser.',
  description:
    'Send it as `Authorization: Bearer gk_tok_…`. It does some of what its key does, for minutes, and stops when the key is ' +
    'revoked. It makes no keys and no tokens.',
  input: z.strictObject({
    scopes,
    roles: roles.default(['caller']),
    lifetimeSeconds: z.int().min(10).max(3_600).default(300).describe('At most an hour.'),
    origins: origins.default([]),
  }),
  output: z.strictObject({
    token: z.string().describe('`gk_tok_…`; it is stored nowhere.'),
    expiresAt: z.iso.datetime(),
    roles,
    scopes,
    origins,
  }),
  http: { method: 'POST', path: '/v1/tokens', status: 201 },
  access: 'delegate',
  audit: { by: 'service', object: [] },
});
