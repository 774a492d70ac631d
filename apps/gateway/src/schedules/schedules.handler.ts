import type { ParsedInputOf } from '@ganglion/contracts/capability';
import { createSchedule, deleteSchedule, listSchedules } from '@ganglion/contracts/edge/schedules';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Schedules } from './schedules.js';

@Controller()
export class SchedulesHandler {
  constructor(private readonly schedules: Schedules) {}

  @Handles(createSchedule)
  create(@Payload() input: ParsedInputOf<typeof createSchedule>, @Ctx() context: CallContext) {
    return this.schedules.create(input, context);
  }

  @Handles(listSchedules)
  list(@Payload() page: ParsedInputOf<typeof listSchedules>, @Ctx() { tenant }: CallContext) {
    return this.schedules.list(tenant, page);
  }

  @Handles(deleteSchedule)
  delete(@Payload() { id }: ParsedInputOf<typeof deleteSchedule>, @Ctx() { tenant }: CallContext) {
    return this.schedules.delete(tenant, id);
  }
}
