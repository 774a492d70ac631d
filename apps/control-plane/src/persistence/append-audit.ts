import type { AuditEntry } from '@ganglion/contracts/audit';
import { In, type EntityManager, type QueryDeepPartialEntity } from 'typeorm';
import { linkEntries } from '../audit/hash-chain.js';
import { AuditEntity } from './audit.entity.js';

/** First half of the key of the advisory lock; the second is the tenant's. Any number that nobody else takes. */
const LOCK_SPACE = 0x61756474;

/**
 * Adds entries to a tenant's audit, in the transaction that is open: they are on record if, and only if, what else is done
 * in it is done. One that is there already is passed over.
 */
export async function appendAudit(
  manager: EntityManager,
  tenantId: string,
  entries: readonly AuditEntry[],
): Promise<void> {
  // One writer a tenant: each entry holds the hash of the one before.
  await manager.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCK_SPACE, tenantId]);
  const [last] = await manager.find(AuditEntity, {
    where: { tenantId },
    order: { sequence: 'DESC' },
    take: 1,
  });
  const ids = entries.map(({ id }) => id);
  const known = await manager.find(AuditEntity, { select: { id: true }, where: { tenantId, id: In(ids) } });
  const knownIds = new Set(known.map(({ id }) => id));
  const rows = linkEntries(
    last,
    entries.filter(({ id }) => !knownIds.has(id)),
  ).map((entry) => ({ ...entry, tenantId, at: new Date(entry.at) }));
  // TypeORM cannot type a column of any JSON.
  if (rows.length > 0) await manager.insert(AuditEntity, rows as QueryDeepPartialEntity<AuditEntity>[]);
}
