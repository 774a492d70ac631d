import { recordAudit } from '@ganglion/contracts/audit';
import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { listAudit } from '@ganglion/contracts/services/control-plane/audit';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Audit } from './audit.js';

@Controller()
export class AuditHandler {
  constructor(private readonly audit: Audit) {}

  @Handles(recordAudit)
  async record(
    @Payload() { entries }: ParsedInputOf<typeof recordAudit>,
    @Ctx() { tenant }: CallContext,
  ): Promise<OutputOf<typeof recordAudit>> {
    await this.audit.record(tenant, entries);
    return { recorded: entries.length };
  }

  @Handles(listAudit)
  list(@Payload() input: ParsedInputOf<typeof listAudit>, @Ctx() context: CallContext) {
    return this.audit.list(input, context);
  }
}
