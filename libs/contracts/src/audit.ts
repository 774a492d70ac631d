import { z } from 'zod';
import { CREDENTIALS, ROLES } from './access.js';
import { defineCapability } from './capability.js';

/** One entry of the audit: who did what, on what, from where, and how it ended. */
export const auditEntry = z.strictObject({
  id: z.uuid().describe('UUIDv7; an entry that is sent again is kept once.'),
  at: z.iso.datetime().describe('When it was done; of many at once, the last.'),
  actor: z
    .string()
    .max(1_000)
    .nullable()
    .describe('Id of an API key, `oidc:<subject>` or `anonymous`; null for nobody that is known.'),
  credential: z.enum(CREDENTIALS).nullable(),
  roles: z.array(z.enum(ROLES)).describe('That the actor had then.'),
  address: z.string().max(200).nullable().describe('Network address of the client.'),
  action: z.string().max(200).describe('`<service>.<operation>`, or `auth.refused`.'),
  object: z.record(z.string(), z.unknown()).describe('On what: fields of the input that the contract names.'),
  requestId: z.string().max(200).nullable(),
  outcome: z
    .string()
    .max(200)
    .describe('`started`, `succeeded`, or the code of the error; `started` and its end share a request id.'),
  count: z.int().min(1).describe('How often, where entries alike are added up.'),
});

export type AuditEntry = z.output<typeof auditEntry>;

/** What Ganglion's own processes put on record; the reply means that it is on disk. The tenant is the call's. */
export const recordAudit = defineCapability({
  service: 'control-plane',
  operation: 'audit.record',
  summary: 'Commits entries to the audit.',
  input: z.strictObject({ entries: z.array(auditEntry).min(1).max(1_000) }),
  output: z.strictObject({ recorded: z.int() }),
  http: null,
  scope: null,
  deadlineMs: 5_000,
  retrySafe: true,
});
