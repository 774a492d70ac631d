import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { deleteSlot, getSlot, listSlots, putSlot } from '@ganglion/contracts/services/control-plane/slots';
import { readSlots } from '@ganglion/contracts/slots';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Slots } from './slots.js';

@Controller()
export class SlotsHandler {
  constructor(private readonly slots: Slots) {}

  @Handles(putSlot)
  put(@Payload() input: ParsedInputOf<typeof putSlot>, @Ctx() { tenant }: CallContext) {
    return this.slots.put(input, tenant);
  }

  @Handles(getSlot)
  get(@Payload() { service, slot }: ParsedInputOf<typeof getSlot>) {
    return this.slots.get(service, slot);
  }

  @Handles(listSlots)
  async list(@Payload() { service }: ParsedInputOf<typeof listSlots>): Promise<OutputOf<typeof listSlots>> {
    return { data: await this.slots.list(service) };
  }

  @Handles(deleteSlot)
  delete(@Payload() { service, slot }: ParsedInputOf<typeof deleteSlot>, @Ctx() { tenant }: CallContext) {
    return this.slots.delete(service, slot, tenant);
  }

  @Handles(readSlots)
  async read(@Payload() { service }: ParsedInputOf<typeof readSlots>): Promise<OutputOf<typeof readSlots>> {
    return { slots: await this.slots.list(service) };
  }
}
