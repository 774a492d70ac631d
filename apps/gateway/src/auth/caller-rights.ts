import { Injectable } from '@nestjs/common';
import type { CheckedInput } from '../request/check-input.js';
import type { Operation } from '../routes/operation.js';
import { ScheduleRights } from '../schedules/schedule-rights.js';
import { Authenticator } from './authenticator.js';
import type { Caller } from './caller.js';
import { requireScope } from './scopes.js';

/** Knows callers, and what they may call. */
@Injectable()
export class CallerRights {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly scheduleRights: ScheduleRights,
  ) {}

  /**
   * @returns At once when the caller is known, so that the hot path has nothing to wait for.
   * @throws ServiceError what the {@link Authenticator} throws; `forbidden`.
   */
  authenticate({ capability }: Operation, authorization: string | undefined): Caller | Promise<Caller> {
    const check = (caller: Caller): Caller => {
      requireScope(caller, capability.scope);
      return caller;
    };
    const known = this.authenticator.authenticate(authorization);
    return known instanceof Promise ? known.then(check) : check(known);
  }

  /** @throws ServiceError `forbidden` when the input asks for more than its caller may. */
  checkInput(operation: Operation, input: CheckedInput, caller: Caller): void {
    this.scheduleRights.check(operation, input, caller);
  }
}
