import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import {
  webhookErrors,
  type createWebhook,
  type listDeliveries,
  type listWebhooks,
  type rotateWebhook,
  type updateWebhook,
} from '@ganglion/contracts/edge/webhooks';
import { ServiceError } from '@ganglion/contracts/errors';
import { webhookTest } from '@ganglion/contracts/events/webhook-events';
import { newEvent } from '@ganglion/persistence';
import { AddressGuard } from '@ganglion/service-kit/outbound/address-guard';
import { Injectable } from '@nestjs/common';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { WebhookDeliveryEntity } from '../persistence/webhook-delivery.entity.js';
import { WebhookEntity } from '../persistence/webhook.entity.js';
import { WebhookRepository } from '../persistence/webhook.repository.js';
import { checkTarget } from './check-target.js';
import { newWebhookSecret } from './sign.js';
import { toDelivery, toWebhook, type Delivery, type Webhook } from './webhook.js';

/** Bounds what one event costs. */
const MOST_WEBHOOKS = 50;

/** Makes, changes and removes the webhooks of a tenant, and shows what was sent to them. */
@Injectable()
export class Webhooks {
  constructor(
    private readonly repository: WebhookRepository,
    private readonly guard: AddressGuard,
  ) {}

  /** @throws ServiceError `invalid_input` for a target that is denied; `edge.too_many_webhooks`. */
  async create(
    tenantId: string,
    { events, description, ...given }: ParsedInputOf<typeof createWebhook>,
  ): Promise<OutputOf<typeof createWebhook>> {
    const url = await checkTarget(given.url, this.guard);
    const secret = newWebhookSecret();
    const webhook = Object.assign(new WebhookEntity(), {
      ...{ id: uuidv7(), tenantId, url, events, description, secret, createdAt: new Date() },
      ...{ previousSecret: null, previousSecretUntil: null, disabledReason: null, failingSince: null },
    });
    if (!(await this.repository.insert(webhook, MOST_WEBHOOKS))) {
      const detail = `A tenant has at most ${MOST_WEBHOOKS} webhooks: remove one that is no longer needed.`;
      throw new ServiceError(webhookErrors.too_many_webhooks, detail);
    }
    return { ...toWebhook(webhook), secret };
  }

  async list(
    tenantId: string,
    { limit, after }: ParsedInputOf<typeof listWebhooks>,
  ): Promise<OutputOf<typeof listWebhooks>> {
    // One more than asked for tells whether there are more.
    const webhooks = await this.repository.page(tenantId, { limit: limit + 1, after });
    return { data: webhooks.slice(0, limit).map(toWebhook), hasMore: webhooks.length > limit };
  }

  async get(tenantId: string, id: string): Promise<Webhook> {
    return toWebhook(found(await this.repository.find(tenantId, id), id));
  }

  async update(
    tenantId: string,
    { id, isEnabled, ...change }: ParsedInputOf<typeof updateWebhook>,
  ): Promise<Webhook> {
    if (change.url !== undefined) change.url = await checkTarget(change.url, this.guard);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const state = isEnabled === undefined ? {} : enabled(isEnabled);
    return toWebhook(found(await this.repository.update(tenantId, id, { ...given, ...state }), id));
  }

  async delete(tenantId: string, id: string): Promise<Webhook> {
    return toWebhook(found(await this.repository.delete(tenantId, id), id));
  }

  async rotate(
    tenantId: string,
    { id, overlapSeconds }: ParsedInputOf<typeof rotateWebhook>,
  ): Promise<OutputOf<typeof rotateWebhook>> {
    const { secret: previousSecret } = found(await this.repository.find(tenantId, id), id);
    const secret = newWebhookSecret();
    const previousSecretUntil = new Date(Date.now() + overlapSeconds * 1_000);
    const change = { secret, previousSecret, previousSecretUntil };
    return { ...toWebhook(found(await this.repository.update(tenantId, id, change), id)), secret };
  }

  /** Sends a webhook a test, past the stream: it is for this webhook alone. */
  async test(tenant: string, id: string): Promise<Delivery> {
    found(await this.repository.find(tenant, id), id);
    const event = newEvent(webhookTest, { tenant, data: { id }, source: '/ganglion/edge' });
    const delivery = Object.assign(new WebhookDeliveryEntity(), {
      ...{ id: uuidv7(), tenantId: tenant, webhookId: id, eventId: event.id, eventType: event.type },
      ...{ body: JSON.stringify(event), state: 'pending', attempts: 0, log: [] },
      ...{ nextAttemptAt: new Date(), createdAt: new Date() },
    });
    await this.repository.insertDelivery(delivery);
    return toDelivery(delivery);
  }

  async deliveries(
    tenantId: string,
    { id, limit, after }: ParsedInputOf<typeof listDeliveries>,
  ): Promise<OutputOf<typeof listDeliveries>> {
    const rows = found(await this.repository.deliveries(tenantId, id, { limit: limit + 1, after }), id);
    return { data: rows.slice(0, limit).map(toDelivery), hasMore: rows.length > limit };
  }

  async redeliver(tenantId: string, id: string, delivery: string): Promise<Delivery> {
    return toDelivery(found(await this.repository.restart(tenantId, id, delivery), delivery));
  }
}

function enabled(isEnabled: boolean): Partial<WebhookEntity> {
  return isEnabled
    ? { disabledReason: null, failingSince: null }
    : { disabledReason: 'It was disabled by hand.' };
}

/** @throws ServiceError `not_found`. */
function found<Row>(row: Row | null, id: string): Row {
  if (row === null) throw new ServiceError('not_found', `There is no webhook or delivery ${id}.`);
  return row;
}
