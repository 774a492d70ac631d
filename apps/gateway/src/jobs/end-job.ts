import { jobCompleted, jobFailed } from '@ganglion/contracts/events/job-events';
import type { Problem } from '@ganglion/contracts/errors';
import type { BlobRef } from '@ganglion/contracts/media';
import { Outbox } from '@ganglion/persistence';
import { decode } from '@ganglion/service-kit/codec';
import type { PackedBody } from '@ganglion/service-kit/message-body';
import type { EntityManager } from 'typeorm';
import type { Bodies, Holder } from '../persistence/bodies.js';
import type { JobEntity } from '../persistence/job.entity.js';

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
  RETURNING service, operation`;

const outbox = new Outbox('edge');

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
  const [[ended]]: [Pick<JobEntity, 'service' | 'operation'>[]] = await manager.query(END, [
    tenantId,
    id,
    ...values,
  ]);
  if (ended === undefined) return undefined;
  const what = { id, service: ended.service, operation: ended.operation };
  if (state === 'succeeded') await outbox.add(manager, jobCompleted, tenantId, what);
  else await outbox.add(manager, jobFailed, tenantId, { ...what, state, code: codeOf(end) });
  await bodies.hold(manager, job, 'outcome', [outcome.ref]);
  if (isDead) return [];
  return [
    ...(await bodies.letGo(manager, job, 'input')),
    ...(await bodies.letGo(manager, job, 'checkpoint')),
  ];
}

/** A problem is small: it is never in the blob store. */
function codeOf({ state, outcome: { data, ref } }: JobEnd): string | null {
  return state === 'failed' && ref === undefined ? (decode(data) as Problem).code : null;
}
