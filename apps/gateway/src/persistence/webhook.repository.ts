import { reachLedger, tenantTransaction } from '@ganglion/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource, LessThan, type EntityManager } from 'typeorm';
import { WebhookDeliveryEntity } from './webhook-delivery.entity.js';
import { WebhookEntity } from './webhook.entity.js';

export interface Page {
  readonly limit: number;
  readonly after?: string | undefined;
}

/** The webhooks of one tenant at a time, and what was sent to them. */
@Injectable()
export class WebhookRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** @returns False when the tenant has `most` already. */
  insert(webhook: WebhookEntity, most: number): Promise<boolean> {
    return this.within(webhook.tenantId, async (manager) => {
      // Of two at once, one waits: none goes past the limit.
      await manager.query("SELECT pg_advisory_xact_lock(hashtext('edge.webhooks'), hashtext($1))", [
        webhook.tenantId,
      ]);
      if ((await manager.countBy(WebhookEntity, { tenantId: webhook.tenantId })) >= most) return false;
      await manager.insert(WebhookEntity, webhook);
      return true;
    });
  }

  find(tenantId: string, id: string): Promise<WebhookEntity | null> {
    return this.within(tenantId, (manager) => manager.findOneBy(WebhookEntity, { id, tenantId }));
  }

  page(tenantId: string, { limit, after }: Page): Promise<WebhookEntity[]> {
    const where = { tenantId, ...(after !== undefined && { id: LessThan(after) }) };
    return this.within(tenantId, (manager) =>
      manager.find(WebhookEntity, { where, order: { id: 'DESC' }, take: limit }),
    );
  }

  /** @returns The webhook as it is then; null when the tenant has none of that id. */
  update(tenantId: string, id: string, change: Partial<WebhookEntity>): Promise<WebhookEntity | null> {
    return this.within(tenantId, async (manager) => {
      if (Object.keys(change).length > 0) await manager.update(WebhookEntity, { id, tenantId }, change);
      return manager.findOneBy(WebhookEntity, { id, tenantId });
    });
  }

  delete(tenantId: string, id: string): Promise<WebhookEntity | null> {
    return this.within(tenantId, async (manager) => {
      const webhook = await manager.findOneBy(WebhookEntity, { id, tenantId });
      if (webhook !== null) await manager.delete(WebhookEntity, { id, tenantId });
      return webhook;
    });
  }

  /** @returns null when the tenant has no webhook of that id. */
  deliveries(tenantId: string, webhookId: string, page: Page): Promise<WebhookDeliveryEntity[] | null> {
    const { limit, after } = page;
    const where = { tenantId, webhookId, ...(after !== undefined && { id: LessThan(after) }) };
    return this.within(tenantId, async (manager) => {
      if (!(await manager.existsBy(WebhookEntity, { id: webhookId, tenantId }))) return null;
      return manager.find(WebhookDeliveryEntity, { where, order: { id: 'DESC' }, take: limit });
    });
  }

  insertDelivery(delivery: WebhookDeliveryEntity): Promise<void> {
    return this.within(delivery.tenantId, async (manager) => {
      await manager.insert(WebhookDeliveryEntity, delivery);
    });
  }

  /** Makes a delivery due now, as often as if it had never been tried. */
  restart(tenantId: string, webhookId: string, id: string): Promise<WebhookDeliveryEntity | null> {
    return this.within(tenantId, async (manager) => {
      const which = { id, tenantId, webhookId };
      await manager.update(WebhookDeliveryEntity, which, {
        state: 'pending',
        attempts: 0,
        nextAttemptAt: new Date(),
      });
      return manager.findOneBy(WebhookDeliveryEntity, which);
    });
  }

  private within<Result>(
    tenantId: string,
    work: (manager: EntityManager) => Promise<Result>,
  ): Promise<Result> {
    return reachLedger(tenantTransaction(this.dataSource, tenantId, work));
  }
}
