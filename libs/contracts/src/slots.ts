import { z } from 'zod';
import { defineCapability } from './capability.js';

/** A model as it is spoken of: `minilm-sentiment@1.0.0`. */
export const modelReference = z
  .string()
  .max(200)
  .regex(/^[a-z0-9]+([.-][a-z0-9]+)*@\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/)
  .describe('`<id>@<version>` of a manifest that names the slot.');

/** What a version does in its slot. */
const role = z
  .enum(['production', 'canary', 'shadow'])
  .describe(
    '`canary` answers its share of the calls; `shadow` answers nobody: it runs after the answer, to compare.',
  );

const digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .optional()
  .describe("sha256 of the manifest's RFC 8785 JSON: a service that has another manifest does not load it.");

/** A version as it is asked for. */
export const wantedVersion = z.strictObject({
  model: modelReference,
  digest,
  role,
  weight: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe('Percent of the calls. Production may leave it out: it takes what the canaries leave.'),
});

/** A version as the control plane keeps it. */
export const slotVersion = wantedVersion.extend({
  weight: z.int().min(0).max(100).describe('Percent of the calls; 0 for a shadow.'),
});

export const serviceName = z
  .string()
  .max(100)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .describe('The service, such as `nlp`.');

export const slotName = z
  .string()
  .max(100)
  .regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/)
  .describe('The slot within its service, as its manifests name it after the `/`, such as `sentiment`.');

/** What a slot should use. */
export const slotAssignment = z.strictObject({
  service: serviceName,
  slot: slotName,
  versions: z.array(slotVersion),
  updatedAt: z.iso.datetime(),
});

/** What one instance of a service makes of a slot. */
export const slotOfInstance = z.strictObject({
  instance: z.string().describe('Host and process.'),
  problem: z.string().optional().describe('Why the slot does not use what it should; it goes on as before.'),
  versions: z.array(
    slotVersion.extend({
      state: z
        .enum(['loading', 'ready', 'unloaded', 'draining', 'failed'])
        .describe('`unloaded` is loaded by its next call; `draining` answers what it has begun.'),
      reason: z.string().optional().describe('Why it failed.'),
    }),
  ),
});

export type WantedVersion = Readonly<z.output<typeof wantedVersion>>;
export type SlotVersion = Readonly<z.output<typeof slotVersion>>;
export type SlotAssignment = Readonly<z.output<typeof slotAssignment>>;
export type SlotOfInstance = Readonly<z.output<typeof slotOfInstance>>;

/** What a service asks at its start, and again every few seconds. */
export const readSlots = defineCapability({
  service: 'control-plane',
  operation: 'slots.read',
  summary: 'Tells a service which versions its slots should use; slots that nobody set are left out.',
  input: z.strictObject({ service: serviceName }),
  output: z.strictObject({ slots: z.array(slotAssignment) }),
  http: null,
  scope: null,
  deadlineMs: 2_000,
  retrySafe: true,
});

/** Event type: a slot was set or reset. Its payload is {@link SlotChanged}; the service reads its slots anew. */
export const SLOT_CHANGED = 'slot.changed';

export interface SlotChanged {
  readonly service: string;
}
