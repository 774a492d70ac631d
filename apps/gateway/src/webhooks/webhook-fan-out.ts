import type { GanglionEvent } from '@ganglion/contracts/event';
import { WEBHOOK_EVENT_TYPES } from '@ganglion/contracts/events/webhook-event-types';
import { OnEvent } from '@ganglion/service-kit/events/on-event';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { uuidv7 } from '@ganglion/contracts/uuidv7';

/** Deliveries that may wait for one webhook; what comes beyond is kept as failed, to be sent again by hand. */
const MOST_PENDING = 100_000;

const FIND = `
  SELECT id, EXISTS (SELECT FROM edge.webhook_deliveries
    WHERE webhook_id = w.id AND state = 'pending' OFFSET ${MOST_PENDING}) AS "isFull"
  FROM edge.webhooks AS w WHERE tenant_id = $1 AND $2 = ANY(events) AND disabled_reason IS NULL`;

const INSERT = `
  INSERT INTO edge.webhook_deliveries
    (id, tenant_id, webhook_id, event_id, event_type, body, state, next_attempt_at, log)
  VALUES ($1, $2, $3, $4, $5, $6, $7, now(), $8) ON CONFLICT (webhook_id, event_id) DO NOTHING`;

/** Makes a delivery of each event for each webhook that subscribes to its type. */
@Injectable()
export class WebhookFanOut {
  @OnEvent('webhooks', ...WEBHOOK_EVENT_TYPES)
  async onEvent(event: GanglionEvent, manager: EntityManager): Promise<void> {
    const { id: eventId, tenant, type } = event;
    const webhooks: { id: string; isFull: boolean }[] = await manager.query(FIND, [tenant, type]);
    for (const { id, isFull } of webhooks) {
      const about = [uuidv7(), tenant, id, eventId, type, JSON.stringify(event)];
      await manager.query(INSERT, [
        ...about,
        ...(isFull ? ['failed', JSON.stringify([full()])] : ['pending', '[]']),
      ]);
    }
  }
}

function full(): object {
  const error = `More than ${MOST_PENDING} deliveries wait for this webhook.`;
  return { at: new Date().toISOString(), status: null, error, durationMs: 0 };
}
