import { createSchedule } from '@ganglion/contracts/edge/schedules';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { requireAccess } from '../auth/require-access.js';
import type { CheckedInput } from '../request/check-input.js';
import type { Operation } from '../routes/operation.js';
import { OperationRoutes } from '../routes/operation-routes.js';

const CREATE = `${createSchedule.service}.${createSchedule.operation}`;

/** Whoever schedules an operation must be allowed to call it. */
@Injectable()
export class ScheduleRights {
  constructor(private readonly routes: OperationRoutes) {}

  /** @throws ServiceError `forbidden` */
  check({ name }: Operation, input: CheckedInput, caller: Caller): void {
    if (name !== CREATE || input.kind !== 'one') return;
    const { operation } = input.value as { operation: string };
    const scheduled = this.routes.operations.find((other) => other.name === operation);
    if (scheduled !== undefined) requireAccess(caller, scheduled.capability);
  }
}
