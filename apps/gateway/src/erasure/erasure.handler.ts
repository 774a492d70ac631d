import type { ParsedInputOf } from '@ganglion/contracts/capability';
import { eraseEdgeData } from '@ganglion/contracts/edge/erasure';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { EdgeErasure } from './edge-erasure.js';

@Controller()
export class ErasureHandler {
  constructor(private readonly erasure: EdgeErasure) {}

  @Handles(eraseEdgeData)
  erase(@Payload() input: ParsedInputOf<typeof eraseEdgeData>, @Ctx() { tenant }: CallContext) {
    return this.erasure.erase({ tenantId: tenant, id: input.erasure, subject: input.subject });
  }
}
