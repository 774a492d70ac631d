import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { readJobRetention } from '@ganglion/contracts/retention';
import { getRetention, putRetention } from '@ganglion/contracts/services/control-plane/retention';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { PredictionPurge } from '../persistence/system/prediction-purge.js';
import { Retention } from './retention.js';

@Controller()
export class RetentionHandler {
  constructor(
    private readonly retention: Retention,
    private readonly purge: PredictionPurge,
  ) {}

  @Handles(getRetention)
  get(@Payload() _input: ParsedInputOf<typeof getRetention>, @Ctx() { tenant }: CallContext) {
    return this.retention.get(tenant);
  }

  @Handles(putRetention)
  put(@Payload() input: ParsedInputOf<typeof putRetention>, @Ctx() { tenant }: CallContext) {
    return this.retention.put(tenant, input);
  }

  @Handles(readJobRetention)
  async readJobs(): Promise<OutputOf<typeof readJobRetention>> {
    return { tenants: await this.purge.jobDays() };
  }
}
