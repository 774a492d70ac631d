import { reachLedger, tenantTransaction } from '@ganglion/persistence';
import type { PackedBody } from '@ganglion/service-kit/message-body';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { Bodies } from '../persistence/bodies.js';
import { IdempotencyKeyEntity } from '../persistence/idempotency-key.entity.js';

/** A request with an idempotency key. */
export interface KeyUse {
  readonly tenantId: string;
  /** Who uses it: another caller of the tenant has keys of their own. */
  readonly callerId: string;
  /** `<service>.<operation>`. */
  readonly route: string;
  readonly key: string;
  readonly inputSha256: string;
  /** Whom the input is about. */
  readonly subject: string | undefined;
}

/** Who answers a request now, until the lease ends. */
export interface Hold {
  readonly tenantId: string;
  /** Id of the row. */
  readonly id: string;
  /** Fences off whoever held it before. */
  readonly holder: string;
}

/** What is known of a key: that it is now held by who asked, or what somebody else made of it. */
export type Claim =
  | { readonly kind: 'mine'; readonly hold: Hold; readonly runs: number }
  | { readonly kind: 'theirs'; readonly row: IdempotencyKeyEntity };

/** An answer that is kept. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: PackedBody;
}

/** A holder that does not renew for that long has crashed. */
export const LEASE_MS = 15_000;

const COLUMNS =
  'tenant_id, caller_id, route, key, id, input_sha256, job_id, holder, subject, lease_until, expires_at';

/** Takes a key that is new, has expired, or whose holder has crashed over the same input. */
const CLAIM = `
  INSERT INTO edge.idempotency_keys AS k (${COLUMNS})
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + $10 * interval '1 ms', now() + interval '24 hours')
  ON CONFLICT (tenant_id, caller_id, route, key) DO UPDATE SET
    input_sha256 = EXCLUDED.input_sha256, job_id = EXCLUDED.job_id, holder = EXCLUDED.holder,
    subject = EXCLUDED.subject, lease_until = EXCLUDED.lease_until, expires_at = EXCLUDED.expires_at,
    status = NULL, headers = NULL, body = NULL, body_ref = NULL,
    runs = CASE WHEN k.expires_at < now() THEN 1 ELSE k.runs + 1 END
  WHERE k.expires_at < now() OR (k.input_sha256 = EXCLUDED.input_sha256
    AND k.status IS NULL AND k.job_id IS NULL AND k.lease_until < now())
  RETURNING id, runs`;

const RENEW = `
  UPDATE edge.idempotency_keys SET lease_until = now() + $4 * interval '1 ms'
  WHERE tenant_id = $1 AND id = $2 AND holder = $3`;

const ANSWER = `
  UPDATE edge.idempotency_keys
  SET status = $4, headers = $5, body = $6, body_ref = $7, holder = NULL, lease_until = NULL
  WHERE tenant_id = $1 AND id = $2 AND holder = $3
  RETURNING id`;

const ABANDON = 'DELETE FROM edge.idempotency_keys WHERE tenant_id = $1 AND id = $2 AND holder = $3';

/** The idempotency keys of one tenant at a time. */
@Injectable()
export class IdempotencyKeys {
  constructor(
    private readonly dataSource: DataSource,
    private readonly bodies: Bodies,
  ) {}

  claim(use: KeyUse): Promise<Claim> {
    return reachLedger(
      tenantTransaction(this.dataSource, use.tenantId, (manager) => this.claimIn(manager, use, null)),
    );
  }

  /** In the transaction of whatever comes with the claim. @param jobId Set where the request becomes a job. */
  async claimIn(manager: EntityManager, use: KeyUse, jobId: string | null): Promise<Claim> {
    const { tenantId, callerId, route, key, inputSha256, subject } = use;
    const holder = uuidv7();
    const [mine] = (await manager.query(CLAIM, [
      tenantId,
      callerId,
      route,
      key,
      uuidv7(),
      inputSha256,
      jobId,
      holder,
      subject ?? null,
      LEASE_MS,
    ])) as { id: string; runs: number }[];
    if (mine !== undefined) return { kind: 'mine', hold: { tenantId, id: mine.id, holder }, runs: mine.runs };
    const row = await manager.findOneBy(IdempotencyKeyEntity, { tenantId, callerId, route, key });
    // Whoever held it gave it back meanwhile.
    return row === null ? this.claimIn(manager, use, jobId) : { kind: 'theirs', row };
  }

  async renew({ tenantId, id, holder }: Hold): Promise<void> {
    await reachLedger(
      tenantTransaction(this.dataSource, tenantId, (manager) =>
        manager.query(RENEW, [tenantId, id, holder, LEASE_MS]),
      ),
    );
  }

  /** Keeps an answer. @returns false when somebody else has taken the key over. */
  answer(hold: Hold, { status, headers, body }: KeptAnswer): Promise<boolean> {
    const { tenantId, id, holder } = hold;
    return reachLedger(
      tenantTransaction(this.dataSource, tenantId, async (manager) => {
        const values = [status, JSON.stringify(headers), body.data, body.ref ?? null];
        const [rows] = await manager.query(ANSWER, [tenantId, id, holder, ...values]);
        if (rows.length > 0) await this.bodies.hold(manager, hold, 'answer', [body.ref]);
        return rows.length > 0;
      }),
    );
  }

  /** Gives a key back: the request may be sent again at once. */
  async abandon({ tenantId, id, holder }: Hold): Promise<void> {
    await reachLedger(
      tenantTransaction(this.dataSource, tenantId, (manager) =>
        manager.query(ABANDON, [tenantId, id, holder]),
      ),
    );
  }
}
