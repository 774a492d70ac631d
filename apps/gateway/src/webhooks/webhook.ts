import type { OutputOf } from '@ganglion/contracts/capability';
import type { getWebhook, testWebhook } from '@ganglion/contracts/edge/webhooks';
import type { WebhookDeliveryEntity } from '../persistence/webhook-delivery.entity.js';
import type { WebhookEntity } from '../persistence/webhook.entity.js';

/** A webhook as it is shown: never its secrets. */
export type Webhook = OutputOf<typeof getWebhook>;

export type Delivery = OutputOf<typeof testWebhook>;

export function toWebhook(webhook: WebhookEntity): Webhook {
  const { id, url, events, description, disabledReason, failingSince, createdAt } = webhook;
  return {
    id,
    url,
    events,
    description,
    isEnabled: disabledReason === null,
    disabledReason,
    failingSince: failingSince?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}

export function toDelivery(delivery: WebhookDeliveryEntity): Delivery {
  const { id, eventId, eventType, state, attempts, nextAttemptAt, log, createdAt } = delivery;
  const next = state === 'pending' ? (nextAttemptAt?.toISOString() ?? null) : null;
  return {
    id,
    eventId,
    eventType,
    state,
    attempts,
    nextAttemptAt: next,
    log,
    createdAt: createdAt.toISOString(),
  };
}
