import type { GanglionEvent } from '@ganglion/contracts/event';
import type { DataSource } from 'typeorm';
import { transaction } from '../transaction.js';

/** Rows of one statement, so that none takes long. */
const CHUNK = 2_000;
/** How long sent events stay, to be sent again when the stream is lost. */
const KEPT_DAYS = 7;

/** An outbox as its relay sees it: the events of every tenant. */
export class OutboxQueue {
  /** @param system Data source of the schema's system role. */
  constructor(
    private readonly system: DataSource,
    private readonly schema: string,
  ) {}

  /**
   * Takes up to `limit` events that no stream has, oldest first, and notes them as sent once `send` resolves. Rows that
   * another process holds are passed over.
   *
   * @returns How many were sent.
   * @throws Error what `send` threw; then none of them is noted.
   */
  async send(
    limit: number,
    stream: string,
    send: (events: readonly GanglionEvent[]) => Promise<void>,
  ): Promise<number> {
    return transaction(this.system, async (manager) => {
      const rows: { id: string; event: GanglionEvent }[] = await manager.query(
        `SELECT id, event FROM "${this.schema}".outbox WHERE sent_to IS NULL
         ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED`,
        [limit],
      );
      if (rows.length === 0) return 0;
      await send(rows.map(({ event }) => event));
      const ids = rows.map(({ id }) => id);
      await manager.query(`UPDATE "${this.schema}".outbox SET sent_to = $1 WHERE id = ANY($2)`, [
        stream,
        ids,
      ]);
      return rows.length;
    });
  }

  /** Notes all events that went to another stream than this as not sent. @returns How many those are. */
  async resend(stream: string): Promise<number> {
    return this.inChunks(
      `UPDATE "${this.schema}".outbox SET sent_to = NULL WHERE id IN (
         SELECT id FROM "${this.schema}".outbox WHERE sent_to < $1 OR sent_to > $1 LIMIT ${CHUNK}
         FOR UPDATE SKIP LOCKED)`,
      [stream],
    );
  }

  /** Removes events that were sent so long ago that no stream shall have them again. */
  async purge(): Promise<number> {
    return this.inChunks(
      `DELETE FROM "${this.schema}".outbox WHERE id IN (
         SELECT id FROM "${this.schema}".outbox
         WHERE created_at < now() - interval '${KEPT_DAYS} days' AND sent_to IS NOT NULL LIMIT ${CHUNK})`,
    );
  }

  /** Events that no stream has yet. */
  async backlog(): Promise<number> {
    const [{ count }] = await this.system.query(
      `SELECT count(*)::int AS count FROM "${this.schema}".outbox WHERE sent_to IS NULL`,
    );
    return count;
  }

  private async inChunks(statement: string, parameters: readonly unknown[] = []): Promise<number> {
    for (let total = 0; ;) {
      const [, changed]: [unknown, number] = await this.system.query(statement, [...parameters]);
      total += changed;
      if (changed < CHUNK) return total;
    }
  }
}
