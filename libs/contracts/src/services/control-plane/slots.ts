import { z } from 'zod';
import { defineCapability } from '../../capability.js';
import {
  serviceName,
  slotAssignment,
  slotName,
  slotOfInstance,
  slotVersion,
  wantedVersion,
} from '../../slots.js';

const service = 'control-plane';

/** Which slot. */
const place = z.strictObject({ service: serviceName, slot: slotName });

export const putSlot = defineCapability({
  service,
  access: 'operate',
  operation: 'slots.put',
  summary: 'Sets which versions of a model a slot uses; services follow without a restart.',
  description:
    'One version is `production`; `canary` versions take their weights in percent, by the prediction id, so that a call ' +
    'and its retries get the same one; a `shadow` computes after the answer, for the ledger and the metrics alone. A ' +
    'version that does not load or prove itself changes nothing: `GET` of the slot says why. Slots belong to the whole ' +
    'installation: only keys of the tenant `default` may change them.',
  input: place.extend({ versions: z.array(wantedVersion).min(1).max(10) }),
  output: slotAssignment,
  http: { method: 'PUT', path: '/v1/slots/{service}/{slot}' },
  retrySafe: true,
});

export const getSlot = defineCapability({
  service,
  operation: 'slots.get',
  summary: 'Shows what a slot should use, and what each running instance makes of it.',
  input: place,
  output: slotAssignment.extend({
    versions: z
      .array(slotVersion)
      .describe("Empty where nobody set the slot: it uses its manifests' default."),
    updatedAt: z.iso.datetime().nullable(),
    instances: z.array(slotOfInstance),
  }),
  http: { method: 'GET', path: '/v1/slots/{service}/{slot}' },
  retrySafe: true,
});

export const listSlots = defineCapability({
  service,
  operation: 'slots.list',
  summary: 'Lists the slots that were set; the others use the default of their manifests.',
  input: z.strictObject({ service: serviceName.optional() }),
  output: z.strictObject({ data: z.array(slotAssignment) }),
  http: { method: 'GET', path: '/v1/slots' },
  retrySafe: true,
});

export const deleteSlot = defineCapability({
  service,
  access: 'operate',
  operation: 'slots.delete',
  summary: "Forgets what a slot was set to: it goes back to its manifests' default.",
  input: place,
  output: slotAssignment,
  http: { method: 'DELETE', path: '/v1/slots/{service}/{slot}' },
});
