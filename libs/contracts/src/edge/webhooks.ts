import { z } from 'zod';
import { defineCapability } from '../capability.js';
import { defineErrors } from '../errors.js';
import { WEBHOOK_EVENT_TYPES } from '../events/webhook-event-types.js';

const service = 'edge';

export const webhookErrors = defineErrors(service, {
  too_many_webhooks: { status: 409, title: 'The tenant has as many webhooks as it may', retryable: false },
});

const id = z.uuid().describe('Id of the webhook.');
const url = z
  .url({ protocol: /^https?$/ })
  .max(2_048)
  .describe('Where events are posted: https, at a public address.');
const events = z
  .array(z.enum(WEBHOOK_EVENT_TYPES.map(({ type }) => type)))
  .min(1)
  .max(WEBHOOK_EVENT_TYPES.length)
  .describe('Types of the events that it gets.');
const description = z.string().max(500).describe('What it is for.');
const secret = z
  .string()
  .describe('Shown this once: `whsec_` and 32 random bytes as base64, the key of its signatures.');

const webhook = z.strictObject({
  id,
  url: z.string(),
  events: z.array(z.string()),
  description: z.string(),
  isEnabled: z.boolean(),
  disabledReason: z.string().nullable(),
  failingSince: z.iso.datetime().nullable().describe('Since when no delivery succeeded.'),
  createdAt: z.iso.datetime(),
});

const delivery = z.strictObject({
  id: z.uuid(),
  eventId: z.uuid().describe('The header `webhook-id` of every attempt.'),
  eventType: z.string(),
  state: z.enum(['pending', 'delivered', 'failed']),
  attempts: z.int(),
  nextAttemptAt: z.iso.datetime().nullable(),
  log: z
    .array(
      z.strictObject({
        at: z.iso.datetime(),
        status: z.int().nullable().describe('HTTP status; null without an answer.'),
        error: z.string().nullable(),
        durationMs: z.int(),
      }),
    )
    .describe('The latest attempts, oldest first.'),
  createdAt: z.iso.datetime(),
});

const page = {
  limit: z.int().min(1).max(100).default(20),
  after: z.uuid().optional().describe('Id of the last item of the page before.'),
};

/** Where a tenant's events go is for those who run it; changes are in the audit. */
const operated = { service, access: 'operate' } as const;

export const createWebhook = defineCapability({
  ...operated,
  operation: 'webhooks.create',
  summary: 'Makes a webhook: events of its types are posted to its URL, signed.',
  description: 'Signed as Standard Webhooks says. The answer holds the secret once.',
  input: z.strictObject({ url, events, description: description.default('') }),
  output: webhook.extend({ secret }),
  errors: Object.values(webhookErrors),
  http: { method: 'POST', path: '/v1/webhooks', status: 201 },
});

export const listWebhooks = defineCapability({
  ...operated,
  operation: 'webhooks.list',
  summary: 'Lists the webhooks of the tenant, newest first.',
  input: z.strictObject(page),
  output: z.strictObject({ data: z.array(webhook), hasMore: z.boolean() }),
  http: { method: 'GET', path: '/v1/webhooks' },
  retrySafe: true,
});

export const getWebhook = defineCapability({
  ...operated,
  operation: 'webhooks.get',
  summary: 'Shows a webhook.',
  input: z.strictObject({ id }),
  output: webhook,
  http: { method: 'GET', path: '/v1/webhooks/{id}' },
  retrySafe: true,
});

export const updateWebhook = defineCapability({
  ...operated,
  operation: 'webhooks.update',
  summary: 'Changes a webhook; `isEnabled` takes one that was disabled back into service.',
  input: z.strictObject({
    id,
    url: url.optional(),
    events: events.optional(),
    description: description.optional(),
    isEnabled: z.boolean().optional(),
  }),
  output: webhook,
  http: { method: 'PATCH', path: '/v1/webhooks/{id}' },
});

export const deleteWebhook = defineCapability({
  ...operated,
  operation: 'webhooks.delete',
  summary: 'Removes a webhook with its deliveries.',
  input: z.strictObject({ id }),
  output: webhook,
  http: { method: 'DELETE', path: '/v1/webhooks/{id}' },
});

export const rotateWebhook = defineCapability({
  ...operated,
  operation: 'webhooks.rotate',
  summary: 'Gives a webhook a new secret; for a while deliveries are signed with both.',
  input: z.strictObject({
    id,
    overlapSeconds: z
      .int()
      .min(0)
      .max(604_800)
      .default(86_400)
      .describe('How long the old secret still signs.'),
  }),
  output: webhook.extend({ secret }),
  http: { method: 'POST', path: '/v1/webhooks/{id}/rotate' },
});

export const testWebhook = defineCapability({
  ...operated,
  operation: 'webhooks.test',
  summary: 'Sends a webhook an event of the type `webhook.test`.',
  input: z.strictObject({ id }),
  output: delivery,
  http: { method: 'POST', path: '/v1/webhooks/{id}/test', status: 202 },
});

export const listDeliveries = defineCapability({
  ...operated,
  operation: 'webhooks.deliveries',
  summary: 'Lists what was sent to a webhook, newest first.',
  input: z.strictObject({ id, ...page }),
  output: z.strictObject({ data: z.array(delivery), hasMore: z.boolean() }),
  http: { method: 'GET', path: '/v1/webhooks/{id}/deliveries' },
  retrySafe: true,
});

export const redeliver = defineCapability({
  ...operated,
  operation: 'webhooks.redeliver',
  summary: 'Sends a delivery once more, under the same `webhook-id`.',
  input: z.strictObject({ id, delivery: z.uuid() }),
  output: delivery,
  http: { method: 'POST', path: '/v1/webhooks/{id}/deliveries/{delivery}/redeliver', status: 202 },
});
