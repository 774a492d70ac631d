import { Counter, type Registry } from 'prom-client';

/** Counts, by table, the rows that a process removes because their time is over. */
export function purgedRowsCounter(registry: Registry): Counter<'table'> {
  return new Counter({
    name: 'ganglion_purged_rows_total',
    help: 'Rows that were removed because their time was over.',
    labelNames: ['table'] as const,
    registers: [registry],
  });
}
