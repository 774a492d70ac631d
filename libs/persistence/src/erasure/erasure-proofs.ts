import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';

/** Whose data goes. */
export interface Erasure {
  readonly tenantId: string;
  /** UUIDv7 of the time at which it was asked for: what came later stays. */
  readonly id: string;
  /** `null`: everything of the tenant. */
  readonly subject: string | null;
}

/** What an erasure has removed from one table. */
export interface ErasedTable {
  readonly table: string;
  readonly rows: number;
  /** {@link chainDigest} of the ids, batch by batch. */
  readonly sha256: string;
}

const OPEN = `
  INSERT INTO "$schema".erasure_proofs (tenant_id, erasure_id, table_name) VALUES ($1, $2, $3)
  ON CONFLICT DO NOTHING`;
const LOCK = `
  SELECT sha256 FROM "$schema".erasure_proofs
  WHERE tenant_id = $1 AND erasure_id = $2 AND table_name = $3 FOR UPDATE`;
const ADD = `
  UPDATE "$schema".erasure_proofs SET row_count = row_count + $4, sha256 = $5
  WHERE tenant_id = $1 AND erasure_id = $2 AND table_name = $3`;
const READ = `
  SELECT table_name AS "table", row_count AS rows, sha256 FROM "$schema".erasure_proofs
  WHERE tenant_id = $1 AND erasure_id = $2 ORDER BY table_name`;

/** Proofs of what a schema has erased; each batch is noted in the transaction that removes it. */
export class ErasureProofs {
  constructor(private readonly schema: string) {}

  /** @param ids Of the rows that this transaction removes; none is noted as well. */
  async add(
    manager: EntityManager,
    { tenantId, id }: Erasure,
    table: string,
    ids: readonly string[],
  ): Promise<void> {
    const place = [tenantId, id, table];
    await manager.query(this.in(OPEN), place);
    if (ids.length === 0) return;
    const [{ sha256 }] = await manager.query(this.in(LOCK), place);
    await manager.query(this.in(ADD), [...place, ids.length, chainDigest(sha256, ids)]);
  }

  async read(manager: EntityManager, { tenantId, id }: Erasure): Promise<ErasedTable[]> {
    return manager.query(this.in(READ), [tenantId, id]);
  }

  private in(statement: string): string {
    return statement.replace('$schema', this.schema);
  }
}

/**
 * Lower-case hex sha256 over the digest before (none for the first batch) and the sorted ids, a line each: for what went
 * in one batch, the sha256 of its sorted ids.
 */
export function chainDigest(before: string, ids: readonly string[]): string {
  const lines = [...(before === '' ? [] : [before]), ...[...ids].sort()];
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
