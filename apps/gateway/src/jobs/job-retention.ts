import type { OutputOf } from '@ganglion/contracts/capability';
import { readJobRetention } from '@ganglion/contracts/retention';
import { Caller } from '@ganglion/service-kit/caller';
import type { Logger } from '@ganglion/service-kit/logger';
import { LOGGER } from '@ganglion/service-kit/tokens';
import { Inject, Injectable } from '@nestjs/common';
import { Purge } from '../persistence/system/purge.js';

/** Forgets jobs and keys that have had their time: their contract's, or what their tenant made of it. */
@Injectable()
export class JobRetention {
  /** As last heard: while the control plane is away, tenants want what they wanted. */
  private tenants: OutputOf<typeof readJobRetention>['tenants'] = [];

  constructor(
    private readonly caller: Caller,
    private readonly purge: Purge,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async apply(): Promise<void> {
    try {
      this.tenants = (await this.caller.call(readJobRetention, {})).tenants;
    } catch (error) {
      this.logger.debug({ err: error }, 'The control plane does not say how long tenants keep their jobs');
    }
    for (const { tenant, days } of this.tenants) await this.purge.expireAfter(tenant, days);
    await this.purge.run();
  }
}
