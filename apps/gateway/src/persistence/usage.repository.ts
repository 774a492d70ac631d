import { reachLedger, tenantTransaction } from '@ganglion/persistence';
import { Injectable } from '@nestjs/common';
import { And, DataSource, LessThan, MoreThanOrEqual } from 'typeorm';
import type { Tally } from '../usage/tally.js';
import { UsageEntity } from './usage.entity.js';

export interface UsageFilter {
  readonly from: Date;
  readonly to: Date;
  readonly keyId?: string | undefined;
  readonly operation?: string | undefined;
}

/** $1 tenant; then a parameter a column. Rows are sorted, so that two gateways cannot wait for each other. */
const ADD = `
  INSERT INTO edge.usage AS u (tenant_id, hour, key_id, operation, calls, errors, items, bytes_in, bytes_out)
  SELECT $1, * FROM unnest($2::timestamptz[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
    $8::bigint[], $9::bigint[]) AS added (hour, key_id, operation) ORDER BY hour, key_id, operation
  ON CONFLICT (tenant_id, hour, key_id, operation) DO UPDATE SET
    calls = u.calls + excluded.calls, errors = u.errors + excluded.errors, items = u.items + excluded.items,
    bytes_in = u.bytes_in + excluded.bytes_in, bytes_out = u.bytes_out + excluded.bytes_out`;

/** What was used, of one tenant at a time. */
@Injectable()
export class UsageRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Adds to what is there, all or nothing. @throws ServiceError `ledger_unavailable`. */
  async add(tenant: string, tallies: readonly Tally[]): Promise<void> {
    const columns = [
      tallies.map(({ hourMs }) => new Date(hourMs).toISOString()),
      ...(['keyId', 'operation', 'calls', 'errors', 'items', 'bytesIn', 'bytesOut'] as const).map((name) =>
        tallies.map((tally) => tally[name]),
      ),
    ];
    await reachLedger(
      tenantTransaction(this.dataSource, tenant, (manager) => manager.query(ADD, [tenant, ...columns])),
    );
  }

  /** Oldest first. @throws ServiceError `ledger_unavailable`. */
  find(tenant: string, { from, to, keyId, operation }: UsageFilter, limit: number): Promise<UsageEntity[]> {
    const where = {
      tenantId: tenant,
      hour: And(MoreThanOrEqual(from), LessThan(to)),
      ...(keyId !== undefined && { keyId }),
      ...(operation !== undefined && { operation }),
    };
    const order = { hour: 'ASC', keyId: 'ASC', operation: 'ASC' } as const;
    return reachLedger(
      tenantTransaction(this.dataSource, tenant, (manager) =>
        manager.find(UsageEntity, { where, order, take: limit }),
      ),
    );
  }
}
