import type { BlobRef } from '@ganglion/contracts/media';
import { ErasureProofs, type Erasure } from '@ganglion/persistence';
import type { EntityManager } from 'typeorm';

/** Rows of one transaction. */
const BATCH = 500;

/** What one batch removed. */
export interface ErasedBatch {
  readonly isLast: boolean;
  /** To release once this is committed. */
  readonly blobs: readonly BlobRef[];
  /** Jobs whose workers are to stop. */
  readonly running: readonly string[];
}

export type EraseBatch = (manager: EntityManager, erasure: Erasure) => Promise<ErasedBatch>;

const proofs = new ErasureProofs('edge');

/** Jobs, with all that is theirs. */
export async function eraseJobs(manager: EntityManager, erasure: Erasure): Promise<ErasedBatch> {
  const { tenantId } = erasure;
  const jobs: { id: string; state: string }[] = await manager.query(
    `SELECT id, state FROM edge.jobs WHERE ${whose(erasure)} ORDER BY id LIMIT ${BATCH} FOR UPDATE`,
    valuesOf(erasure),
  );
  const ids = jobs.map(({ id }) => id);
  const own = [tenantId, ids];
  const erase = async (table: string, where: string, id = 'id'): Promise<void> => {
    const statement = `DELETE FROM edge.${table} WHERE tenant_id = $1 AND ${where} RETURNING ${id} AS id`;
    const [rows] = (await manager.query(statement, own)) as [{ id: string }[], number];
    await proofs.add(
      manager,
      erasure,
      table,
      rows.map((row) => row.id),
    );
  };
  await erase('job_parts', 'job_id = ANY($2)', "job_id || '/' || index");
  await erase('webhook_deliveries', `body::json->'data'->>'id' = ANY($2::uuid[]::text[])`);
  // The key of a job came with the same subject; its row held no blob.
  await erase('idempotency_keys', 'job_id = ANY($2)');
  const blobs = await eraseBlobs(manager, erasure, ids);
  await erase('jobs', 'id = ANY($2)');
  const running = jobs.filter(({ state }) => state === 'running').map(({ id }) => id);
  return { isLast: jobs.length < BATCH, blobs, running };
}

export async function eraseKeys(manager: EntityManager, erasure: Erasure): Promise<ErasedBatch> {
  const ids = await eraseFrom(manager, erasure, 'idempotency_keys');
  const blobs = await eraseBlobs(manager, erasure, ids);
  return { isLast: ids.length < BATCH, blobs, running: [] };
}

export async function eraseSchedules(manager: EntityManager, erasure: Erasure): Promise<ErasedBatch> {
  const ids = await eraseFrom(manager, erasure, 'schedules');
  return { isLast: ids.length < BATCH, blobs: [], running: [] };
}

/** Those of a subject's jobs go with the jobs. */
export async function eraseDeliveries(manager: EntityManager, erasure: Erasure): Promise<ErasedBatch> {
  if (erasure.subject !== null) return { isLast: true, blobs: [], running: [] };
  const ids = await eraseFrom(manager, erasure, 'webhook_deliveries');
  return { isLast: ids.length < BATCH, blobs: [], running: [] };
}

async function eraseFrom(manager: EntityManager, erasure: Erasure, table: string): Promise<string[]> {
  const [rows] = (await manager.query(
    `DELETE FROM edge.${table} WHERE tenant_id = $1 AND id IN (
       SELECT id FROM edge.${table} WHERE ${whose(erasure)} ORDER BY id LIMIT ${BATCH} FOR UPDATE)
     RETURNING id`,
    valuesOf(erasure),
  )) as [{ id: string }[], number];
  const ids = rows.map(({ id }) => id);
  await proofs.add(manager, erasure, table, ids);
  return ids;
}

async function eraseBlobs(
  manager: EntityManager,
  erasure: Erasure,
  holders: readonly string[],
): Promise<BlobRef[]> {
  const [rows] = (await manager.query(
    `DELETE FROM edge.held_blobs WHERE tenant_id = $1 AND holder = ANY($2) RETURNING lease, sha256, bytes`,
    [erasure.tenantId, holders],
  )) as [{ lease: string; sha256: string; bytes: string }[], number];
  await proofs.add(
    manager,
    erasure,
    'held_blobs',
    rows.map(({ lease }) => lease),
  );
  return rows.map(({ lease, sha256, bytes }) => ({ lease, sha256, bytes: Number(bytes) }));
}

/** Ids are UUIDv7, made by the gateway: those below the erasure's came before it. */
function whose({ subject }: Erasure): string {
  return `tenant_id = $1 AND id < $2${subject === null ? '' : ' AND subject = $3'}`;
}

function valuesOf({ tenantId, id, subject }: Erasure): string[] {
  return [tenantId, id, ...(subject === null ? [] : [subject])];
}
