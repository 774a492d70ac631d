import type { ParsedInputOf } from '@ganglion/contracts/capability';
import { endJobRun, leaseJob, reportJob } from '@ganglion/contracts/edge/job-runs';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { JobRuns } from './job-runs.js';

/** What workers call. */
@Controller()
export class JobRunsHandler {
  constructor(private readonly runs: JobRuns) {}

  @Handles(leaseJob)
  lease(@Payload() input: ParsedInputOf<typeof leaseJob>, @Ctx() { tenant }: CallContext) {
    return this.runs.lease(tenant, input);
  }

  @Handles(reportJob)
  report(@Payload() input: ParsedInputOf<typeof reportJob>, @Ctx() { tenant }: CallContext) {
    return this.runs.report(tenant, input);
  }

  @Handles(endJobRun)
  end(@Payload() input: ParsedInputOf<typeof endJobRun>, @Ctx() { tenant }: CallContext) {
    return this.runs.end(tenant, input);
  }
}
