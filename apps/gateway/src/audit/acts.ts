import type { AuditEntry } from '@ganglion/contracts/audit';
import { toProblem } from '@ganglion/contracts/errors';
import { Injectable } from '@nestjs/common';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import type { RenderedReply } from '../http/rendered-reply.js';
import type { Act } from './act.js';
import { AuditLog } from './audit-log.js';

/** Administrative acts of services that have no audit of their own: on record before they are done, and how they ended. */
@Injectable()
export class Acts {
  constructor(private readonly log: AuditLog) {}

  /**
   * Does an act once it is on record that it begins.
   *
   * @throws ServiceError `ledger_unavailable` when it cannot be put on record: it is not done then.
   * @throws what `work` throws.
   */
  async carryOut(tenant: string, act: Act, work: () => Promise<RenderedReply>): Promise<RenderedReply> {
    await this.log.commit(tenant, toEntry(act, 'started'));
    let outcome = 'succeeded';
    try {
      const reply = await work();
      outcome = reply.problemCode || outcome;
      return reply;
    } catch (error) {
      outcome = toProblem(error).code;
      throw error;
    } finally {
      this.log.add(tenant, toEntry(act, outcome));
    }
  }

  /** Notes an act that was refused before it began. */
  refused(tenant: string, act: Act, code: string): void {
    this.log.add(tenant, toEntry(act, code));
  }
}

function toEntry(act: Act, outcome: string): AuditEntry {
  return { ...act, id: uuidv7(), at: new Date().toISOString(), outcome, count: 1 };
}
