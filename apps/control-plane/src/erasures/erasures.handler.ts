import type { ParsedInputOf } from '@ganglion/contracts/capability';
import { createErasure, getErasure, listErasures } from '@ganglion/contracts/services/control-plane/erasures';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Erasures } from './erasures.js';

@Controller()
export class ErasuresHandler {
  constructor(private readonly erasures: Erasures) {}

  @Handles(createErasure)
  create(@Payload() input: ParsedInputOf<typeof createErasure>, @Ctx() context: CallContext) {
    return this.erasures.create(input, context);
  }

  @Handles(getErasure)
  get(@Payload() { id }: ParsedInputOf<typeof getErasure>, @Ctx() { tenant }: CallContext) {
    return this.erasures.get(tenant, id);
  }

  @Handles(listErasures)
  list(@Payload() input: ParsedInputOf<typeof listErasures>, @Ctx() { tenant }: CallContext) {
    return this.erasures.list(tenant, input);
  }
}
