import type { ParsedInputOf } from '@ganglion/contracts/capability';
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listDeliveries,
  listWebhooks,
  redeliver,
  rotateWebhook,
  testWebhook,
  updateWebhook,
} from '@ganglion/contracts/edge/webhooks';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Webhooks } from './webhooks.js';

@Controller()
export class WebhooksHandler {
  constructor(private readonly webhooks: Webhooks) {}

  @Handles(createWebhook)
  create(@Payload() input: ParsedInputOf<typeof createWebhook>, @Ctx() { tenant }: CallContext) {
    return this.webhooks.create(tenant, input);
  }

  @Handles(listWebhooks)
  list(@Payload() input: ParsedInputOf<typeof listWebhooks>, @Ctx() { tenant }: CallContext) {
    return this.webhooks.list(tenant, input);
  }

  @Handles(getWebhook)
  get(@Payload() { id }: ParsedInputOf<typeof getWebhook>, @Ctx() { tenant }: CallContext) {
    return this.webhooks.get(tenant, id);
  }

  @Handles(updateWebhook)
  update(@Payload() input: ParsedInputOf<typeof updateWebhook>, @Ctx() { tenant }: CallContext) {
    return this.webhooks.update(tenant, input);
  }

  @Handles(deleteWebhook)
  delete(@Payload() { id }: ParsedInputOf<typeof deleteWebhook>, @Ctx() { tenant }: CallContext) {
    return this.webhooks.delete(tenant, id);
  }

  @Handles(rotateWebhook)
  rotate(@Payload() input: ParsedInputOf<typeof rotateWebhook>, @Ctx() { tenant }: CallContext) {
    return this.webhooks.rotate(tenant, input);
  }

  @Handles(testWebhook)
  test(@Payload() { id }: ParsedInputOf<typeof testWebhook>, @Ctx() { tenant }: CallContext) {
    return this.webhooks.test(tenant, id);
  }

  @Handles(listDeliveries)
  deliveries(@Payload() input: ParsedInputOf<typeof listDeliveries>, @Ctx() { tenant }: CallContext) {
    return this.webhooks.deliveries(tenant, input);
  }

  @Handles(redeliver)
  redeliver(@Payload() input: ParsedInputOf<typeof redeliver>, @Ctx() { tenant }: CallContext) {
    return this.webhooks.redeliver(tenant, input.id, input.delivery);
  }
}
