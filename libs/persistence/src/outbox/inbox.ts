import type { GanglionEvent } from '@ganglion/contracts/event';
import type { DataSource, EntityManager } from 'typeorm';
import { tenantTransaction } from '../transaction.js';

/** Longer than an event can come again. */
const KEPT_DAYS = 14;
const LONGEST_ERROR = 2_000;

/** What a schema's consumers have dealt with, so that an event has its effect once however often it comes. */
export class Inbox {
  /** @param runtime Data source of the run-time role of the schema, which has the table (`createInbox`). */
  constructor(
    private readonly runtime: DataSource,
    private readonly schema: string,
  ) {}

  /**
   * Deals with an event in one transaction of its tenant, unless the consumer has done so before.
   *
   * @returns Whether it did now.
   */
  async once(
    consumer: string,
    event: GanglionEvent,
    work: (manager: EntityManager) => Promise<void>,
  ): Promise<boolean> {
    return tenantTransaction(this.runtime, event.tenant, async (manager) => {
      if (!(await this.note(manager, consumer, event))) return false;
      await work(manager);
      return true;
    });
  }

  /** Puts an event that a consumer cannot deal with aside, where an operator finds it. */
  async giveUp(consumer: string, event: GanglionEvent, error: unknown): Promise<void> {
    const reason = String(error).slice(0, LONGEST_ERROR).replaceAll('\u0000', '');
    await tenantTransaction(this.runtime, event.tenant, (manager) =>
      this.note(manager, consumer, event, reason),
    );
  }

  /** Forgets what can no longer come again; what was given up stays as long. */
  async purge(system: DataSource): Promise<void> {
    await system.query(
      `DELETE FROM "${this.schema}".inbox WHERE received_at < now() - interval '${KEPT_DAYS} days'`,
    );
  }

  private async note(
    manager: EntityManager,
    consumer: string,
    event: GanglionEvent,
    error?: string,
  ): Promise<boolean> {
    const aside = error === undefined ? [null, null] : [error, JSON.stringify(event)];
    const rows: unknown[] = await manager.query(
      `INSERT INTO "${this.schema}".inbox (consumer, event_id, tenant_id, error, event) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING RETURNING event_id`,
      [consumer, event.id, event.tenant, ...aside],
    );
    return rows.length > 0;
  }
}
