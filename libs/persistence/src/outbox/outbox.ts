import type { EventType, DataOf, GanglionEvent } from '@ganglion/contracts/event';
import type { EntityManager } from 'typeorm';
import { uuidv7 } from '@ganglion/contracts/uuidv7';

/** Where a process puts what others shall hear of: in the same transaction as the change, so that both happen or none. */
export class Outbox {
  /** @param schema The emitter's, which has the table (`createOutbox`). */
  constructor(private readonly schema: string) {}

  /**
   * Adds an event. It leaves once the transaction is committed.
   *
   * @param manager Of a transaction of `tenant`, or of the system role.
   * @returns Id of the event.
   * @throws ZodError when the data does not fit the type's schema.
   */
  async add<E extends EventType>(
    manager: EntityManager,
    type: E,
    tenant: string,
    data: DataOf<E>,
  ): Promise<string> {
    const event = newEvent(type, { tenant, data, source: `/ganglion/${this.schema}` });
    await manager.query(
      `INSERT INTO "${this.schema}".outbox (id, tenant_id, type, event) VALUES ($1, $2, $3, $4)`,
      [event.id, tenant, event.type, JSON.stringify(event)],
    );
    return event.id;
  }
}

/** An event that happens now. @throws ZodError when the data does not fit the type's schema. */
export function newEvent<E extends EventType>(
  { type, data: schema }: E,
  { tenant, data, source }: Pick<GanglionEvent<DataOf<E>>, 'tenant' | 'data' | 'source'>,
): GanglionEvent<DataOf<E>> {
  return {
    specversion: '1.0',
    id: uuidv7(),
    source,
    type,
    time: new Date().toISOString(),
    tenant,
    data: schema.parse(data) as DataOf<E>,
  };
}
