import { tenantTransaction } from '@ganglion/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ConcurrencyLeaseEntity } from './concurrency-lease.entity.js';

/** A key's quota of a tenant's. */
export interface QuotaName {
  readonly tenant: string;
  readonly keyId: string;
}

/** What a gateway got of a rate quota. */
export interface LeasedCalls {
  readonly granted: number;
  /** Calls that are left for any gateway; below one, the rest of a call that is growing. */
  readonly left: number;
}

/** The central books of quotas, which gateways lease from. The database's clock is the only one that counts. */
@Injectable()
export class QuotaRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * @param callsPerSecond How fast the quota grows.
   * @param burst The most calls that it holds.
   * @param wanted Calls that the gateway would like; it gets whole ones, as many as there are.
   */
  async leaseCalls(
    { tenant, keyId }: QuotaName,
    { callsPerSecond, burst }: { readonly callsPerSecond: number; readonly burst: number },
    wanted: number,
  ): Promise<LeasedCalls> {
    const [row] = await tenantTransaction(this.dataSource, tenant, async (manager) => {
      const parameters = [tenant, keyId, callsPerSecond, burst, wanted];
      const rows: { granted: number; tokens: number }[] = await manager.query(LEASE_CALLS, parameters);
      return rows;
    });
    return { granted: row?.granted ?? 0, left: row?.tokens ?? 0 };
  }

  /**
   * @param limit Calls in flight over all gateways.
   * @param wanted Slots that the gateway would like to have in all; 0 gives back what it had.
   * @returns Slots that it has then.
   */
  leaseSlots(
    { tenant, keyId }: QuotaName,
    gatewayId: string,
    { limit, leaseMs }: { readonly limit: number; readonly leaseMs: number },
    wanted: number,
  ): Promise<number> {
    return tenantTransaction(this.dataSource, tenant, async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))', [tenant, keyId]);
      const slots = Math.max(
        0,
        Math.min(wanted, limit - (await slotsOfOthers(manager, { tenant, keyId }, gatewayId))),
      );
      if (slots === 0) await manager.delete(ConcurrencyLeaseEntity, { tenantId: tenant, keyId, gatewayId });
      else await manager.query(LEASE_SLOTS, [tenant, keyId, gatewayId, slots, leaseMs / 1_000]);
      return slots;
    });
  }
}

async function slotsOfOthers(
  manager: EntityManager,
  { tenant, keyId }: QuotaName,
  gatewayId: string,
): Promise<number> {
  const [row]: { slots: number }[] = await manager.query(
    `SELECT coalesce(sum(slots), 0)::integer AS slots FROM edge.concurrency_leases
     WHERE tenant_id = $1 AND key_id = $2 AND gateway_id <> $3 AND expires_at > clock_timestamp()`,
    [tenant, keyId, gatewayId],
  );
  return row?.slots ?? 0;
}

/** The quota as it has grown since the last lease. */
const GROWN = `least($4::float8, q.tokens + $3::float8 * extract(epoch FROM clock_timestamp() - q.refilled_at)::float8)`;
const GRANTED = `least($5::integer, floor(${GROWN})::integer)`;

const LEASE_CALLS = `
  INSERT INTO edge.rate_quotas AS q (tenant_id, key_id, tokens, granted, refilled_at)
  VALUES ($1, $2, $4::float8 - least($5::integer, floor($4::float8)), least($5::integer, floor($4::float8)), clock_timestamp())
  ON CONFLICT (tenant_id, key_id) DO UPDATE
  SET granted = ${GRANTED}, tokens = ${GROWN} - ${GRANTED}, refilled_at = clock_timestamp()
  RETURNING granted, tokens`;

const LEASE_SLOTS = `
  INSERT INTO edge.concurrency_leases (tenant_id, key_id, gateway_id, slots, expires_at)
  VALUES ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5))
  ON CONFLICT (tenant_id, key_id, gateway_id) DO UPDATE
  SET slots = excluded.slots, expires_at = excluded.expires_at`;
