import { z } from 'zod';
import { defineEvent } from '../event.js';

const key = z.strictObject({ id: z.uuid(), name: z.string(), prefix: z.string() });

export const keyCreated = defineEvent({ type: 'key.created', summary: 'An API key was made.', data: key });

export const keyRevoked = defineEvent({
  type: 'key.revoked',
  summary: 'An API key was revoked.',
  data: key,
});
