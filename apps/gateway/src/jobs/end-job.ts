import type { BlobRef } from '@ganglion/contracts/media';
import type { PackedBody } from '@ganglion/service-kit/message-body';
import type { EntityManager } from 'typeorm';
import type { Bodies, Holder } from '../persistence/bodies.js';

export interface JobEnd {
  readonly state: 'succeeded' | 'failed' | 'cancelled';
  /** The answer, or the problem. */
  readonly outcome: PackedBody;
  /** Its workers died of it: its input stays, so that it can be sent again. */
  readonly isDead?: boolean;
}

/** A dead letter waits that long for somebody to look at it. */
const DEAD_LETTER_DAYS = 30;

const END = `
  UPDATE edge.jobs SET state = $3, is_dead = $4, outcome = $5, outcome_ref = $6,
    ended_at = now(), lease_until = NULL, worker = NULL,
    expires_at = now() + GREATEST(retain_days, CASE WHEN $4 THEN $8 ELSE 0 END) * interval '1 day',
    input = CASE WHEN $4 THEN input END, input_ref = CASE WHEN $4 THEN input_ref END,
    checkpoint = CASE WHEN $4 THEN checkpoint END, checkpoint_ref = CASE WHEN $4 THEN checkpoint_ref END
  WHERE tenant_id = $1 AND id = $2 AND state IN ('queued', 'running') AND ($7::int IS NULL OR runs = $7)
  RETURNING id`;

/**
 * Ends a job, in one transaction with whatever must follow from its end: the only place where one ends. A job that has
 * ended, or was given to a later run, stays as it is.
 *
 * @param run Number of the run that ends it; `null` where nobody runs it.
 * @returns blobs to release once this is committed; `undefined` when the job did not end here.
 */
export async function endJob(
  manager: EntityManager,
  bodies: Bodies,
  job: Holder & { readonly run: number | null },
  end: JobEnd,
): Promise<BlobRef[] | undefined> {
  const { state, outcome, isDead = false } = end;
  const { tenantId, id, run } = job;
  const values = [state, isDead, outcome.data, outcome.ref ?? null, run, DEAD_LETTER_DAYS];
  const [ended] = await manager.query(END, [tenantId, id, ...values]);
  if (ended.length === 0) return undefined;
  await bodies.hold(manager, job, 'outcome', [outcome.ref]);
  if (isDead) return [];
  return [
    ...(await bodies.letGo(manager, job, 'input')),
    ...(await bodies.letGo(manager, job, 'checkpoint')),
  ];
}
