import { ServiceError } from '@ganglion/contracts/errors';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeAct } from '../audit/act.js';
import { Acts } from '../audit/acts.js';
import type { RenderedReply } from '../http/rendered-reply.js';
import type { CheckedInput } from '../request/check-input.js';
import { Limits, type Release } from '../limits/limits.js';
import type { Operation } from '../routes/operation.js';
import { ScheduleRights } from '../schedules/schedule-rights.js';
import { Authenticator } from './authenticator.js';
import type { Caller } from './caller.js';
import { requireAccess } from './require-access.js';

/** A call that was let through. */
export interface Admitted {
  readonly operation: Operation;
  readonly caller: Caller;
  readonly request: FastifyRequest;
  readonly input: CheckedInput;
}

/** Lets callers through to operations that they may call, and has on record what their acts are, by the operations' contracts. */
@Injectable()
export class AccessGuard {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly limits: Limits,
    private readonly acts: Acts,
    private readonly schedules: ScheduleRights,
  ) {}

  /**
   * @returns At once when the caller is known.
   * @throws ServiceError whatever the {@link Authenticator} throws; `forbidden` that names what is missing.
   */
  admit(operation: Operation, request: FastifyRequest, reply: FastifyReply): Caller | Promise<Caller> {
    const known = this.authenticator.authenticate(request);
    const check = (caller: Caller): Caller => this.check(caller, operation, request, reply);
    return known instanceof Promise ? known.then(check) : check(known);
  }

  /**
   * Does what a caller was let through for.
   *
   * @param admitted Of its input, the audit keeps what the contract names.
   * @throws ServiceError `forbidden` when the input asks for more than its caller may; `ledger_unavailable` when an act
   *   cannot be put on record: it is not done then.
   * @throws what `work` throws.
   */
  carryOut(
    { operation, caller, request, input }: Admitted,
    work: () => Promise<RenderedReply>,
  ): Promise<RenderedReply> {
    this.schedules.check(operation, input, caller);
    if (operation.capability.audit?.by !== 'gateway') return work();
    // Of many inputs at once, none is the one that an act is done on.
    const value = input.kind === 'one' ? input.value : undefined;
    return this.acts.carryOut(caller.tenant, describeAct(operation, caller, request, value), work);
  }

  /**
   * Counts a call that was let through towards the limits of its key.
   *
   * @returns To be called when the call is over; at once when what the key may do is known here.
   * @throws ServiceError `rate_limited` that says when to come again.
   */
  enter(caller: Caller, reply: FastifyReply): Release | Promise<Release> {
    return this.limits.admit(caller, reply);
  }

  private check(caller: Caller, operation: Operation, request: FastifyRequest, reply: FastifyReply): Caller {
    const { scope, access, audit } = operation.capability;
    try {
      requireAccess(caller, { scope, access });
      return caller;
    } catch (error) {
      void reply.header('www-authenticate', insufficient(scope));
      if (audit !== null && error instanceof ServiceError) {
        this.acts.refused(caller.tenant, describeAct(operation, caller, request, undefined), error.code);
      }
      throw error;
    }
  }
}

/** @source RFC 6750, section 3.1 */
function insufficient(scope: string | null): string {
  return `Bearer error="insufficient_scope"${scope === null ? '' : `, scope="${scope}"`}`;
}
