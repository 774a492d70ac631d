import type { ParsedInputOf } from '@ganglion/contracts/capability';
import {
  cancelJob,
  getJob,
  listDeadLetters,
  listJobs,
  replayDeadLetter,
} from '@ganglion/contracts/edge/jobs';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Jobs } from './jobs.js';

@Controller()
export class JobsHandler {
  constructor(private readonly jobs: Jobs) {}

  @Handles(getJob)
  get(@Payload() { id }: ParsedInputOf<typeof getJob>, @Ctx() { tenant }: CallContext) {
    return this.jobs.get(tenant, id);
  }

  @Handles(listJobs)
  list(@Payload() input: ParsedInputOf<typeof listJobs>, @Ctx() { tenant }: CallContext) {
    const { state, ...page } = input;
    return this.jobs.list({ tenantId: tenant, ...(state !== undefined && { state }) }, page);
  }

  @Handles(cancelJob)
  cancel(@Payload() { id }: ParsedInputOf<typeof cancelJob>, @Ctx() { tenant }: CallContext) {
    return this.jobs.cancel(tenant, id);
  }

  @Handles(listDeadLetters)
  deadLetters(@Payload() page: ParsedInputOf<typeof listDeadLetters>, @Ctx() { tenant }: CallContext) {
    return this.jobs.list({ tenantId: tenant, isDead: true }, page);
  }

  @Handles(replayDeadLetter)
  replay(@Payload() { id }: ParsedInputOf<typeof replayDeadLetter>, @Ctx() { tenant }: CallContext) {
    return this.jobs.replay(tenant, id);
  }
}
