import type { Logger } from '@ganglion/service-kit/logger';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

const INTERVAL_MS = 1_000;

/**
 * Connects a data source, however long the database is away: the gateway answers without it, and what needs it is
 * refused with `ledger_unavailable` meanwhile. Once connected, its pool comes back by itself.
 *
 * @param signal Ends it.
 */
export async function keepConnecting(
  dataSource: DataSource,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    try {
      await dataSource.initialize();
      return;
    } catch (error) {
      if (isFirst) logger.warn({ err: error }, 'The database is away; it is tried again every second');
      await sleep(INTERVAL_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
