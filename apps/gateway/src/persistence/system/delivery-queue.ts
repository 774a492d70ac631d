import { webhookDisabled } from '@ganglion/contracts/events/webhook-events';
import { Outbox, transaction } from '@ganglion/persistence';
import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Attempt } from '../webhook-delivery.entity.js';
import { SYSTEM_DATA_SOURCE } from './system-data-source.js';

/** A delivery that is due, as it was taken. */
export interface DueDelivery {
  readonly id: string;
  readonly tenantId: string;
  readonly webhookId: string;
  readonly eventId: string;
  readonly body: string;
  /** With this one. */
  readonly attempts: number;
  readonly url: string;
  readonly secret: string;
  readonly previousSecret: string | null;
}

/** What follows from an attempt. */
export interface Settlement {
  readonly attempt: Attempt;
  readonly state: 'pending' | 'delivered' | 'failed';
  /** For one that stays pending. */
  readonly retryAfterMs: number | null;
  /** Set when the webhook shall get nothing any more. */
  readonly disable: string | null;
}

/** Longer than an attempt takes: whoever took a delivery and died does not hold it for longer. */
const LEASE_SECONDS = 60;
/** Attempts that the log of a delivery holds. */
const LONGEST_LOG = 30;
const KEPT_DAYS = 30;

/** From each webhook a few, so that one that does not answer keeps nobody waiting but itself. */
const TAKE = `
  UPDATE edge.webhook_deliveries AS taken
  SET attempts = attempts + 1, next_attempt_at = now() + interval '${LEASE_SECONDS} seconds'
  FROM edge.webhooks AS w
  WHERE w.id = taken.webhook_id AND taken.id IN (
    SELECT due.id FROM edge.webhooks AS webhook CROSS JOIN LATERAL (
      SELECT id FROM edge.webhook_deliveries
      WHERE webhook_id = webhook.id AND state = 'pending' AND next_attempt_at <= now()
      ORDER BY next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS due
    WHERE webhook.disabled_reason IS NULL AND webhook.id <> ALL($3) ORDER BY random() LIMIT $1)
  RETURNING taken.id, taken.tenant_id AS "tenantId", taken.webhook_id AS "webhookId",
    taken.event_id AS "eventId", taken.body, taken.attempts, w.url, w.secret,
    CASE WHEN w.previous_secret_until > now() THEN w.previous_secret END AS "previousSecret"`;

/** An attempt that took so long that the delivery was taken again says nothing any more. */
const SETTLE = `
  UPDATE edge.webhook_deliveries SET state = $3,
    next_attempt_at = now() + $4 * interval '1 ms',
    log = jsonb_path_query_array(log || jsonb_build_array($5::jsonb), '$[last - ${LONGEST_LOG - 1} to last]')
  WHERE id = $1 AND attempts = $2 AND state = 'pending' RETURNING id`;

const DISABLE = `UPDATE edge.webhooks SET disabled_reason = $2 WHERE id = $1 AND disabled_reason IS NULL RETURNING id`;

/** The deliveries of all tenants. */
@Injectable()
export class DeliveryQueue {
  private readonly outbox = new Outbox('edge');

  constructor(@Inject(SYSTEM_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** @param busy Webhooks that get nothing more now. */
  async take(limit: number, perWebhook: number, busy: readonly string[]): Promise<DueDelivery[]> {
    const [rows] = await this.dataSource.query(TAKE, [limit, perWebhook, busy]);
    return rows;
  }

  /** @returns Whether the webhook was disabled now. */
  async settle(delivery: DueDelivery, settlement: Settlement): Promise<boolean> {
    const { state, retryAfterMs, attempt, disable } = settlement;
    const { id, attempts, tenantId, webhookId, url } = delivery;
    return transaction(this.dataSource, async (manager) => {
      const values = [id, attempts, state, retryAfterMs, JSON.stringify(attempt)];
      const [settled] = await manager.query(SETTLE, values);
      if (settled.length === 0) return false;
      const failingSince = state === 'delivered' ? 'NULL' : 'coalesce(failing_since, now())';
      await manager.query(`UPDATE edge.webhooks SET failing_since = ${failingSince} WHERE id = $1`, [
        webhookId,
      ]);
      if (disable === null) return false;
      const [disabled] = await manager.query(DISABLE, [webhookId, disable]);
      if (disabled.length === 0) return false;
      await this.outbox.add(manager, webhookDisabled, tenantId, { id: webhookId, url, reason: disable });
      return true;
    });
  }

  /** Forgets deliveries that are over. */
  async purge(): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM edge.webhook_deliveries
       WHERE created_at < now() - interval '${KEPT_DAYS} days' AND state <> 'pending'`,
    );
  }
}
