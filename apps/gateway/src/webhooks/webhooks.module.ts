import { Inbox, Outbox } from '@ganglion/persistence';
import { EventConsumers } from '@ganglion/service-kit/events/event-consumers';
import { AddressGuard } from '@ganglion/service-kit/outbound/address-guard';
import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { DataSource } from 'typeorm';
import type { GatewaySettings } from '../config.js';
import { PersistenceModule } from '../persistence/persistence.module.js';
import { DeliveryQueue } from '../persistence/system/delivery-queue.js';
import { EventRelay } from '../persistence/system/event-relay.js';
import { WebhookRepository } from '../persistence/webhook.repository.js';
import { SETTINGS } from '../settings.module.js';
import { WebhookFanOut } from './webhook-fan-out.js';
import { WebhookSender } from './webhook-sender.js';
import { Webhooks } from './webhooks.js';
import { WebhooksHandler } from './webhooks.handler.js';

/** Events out of the gateway, and to those who subscribe. */
@Module({
  imports: [PersistenceModule, DiscoveryModule],
  controllers: [WebhooksHandler],
  providers: [
    { provide: Outbox, useFactory: () => new Outbox('edge') },
    { provide: Inbox, inject: [DataSource], useFactory: (runtime: DataSource) => new Inbox(runtime, 'edge') },
    {
      provide: AddressGuard,
      inject: [SETTINGS],
      useFactory: ({ outboundAllow }: GatewaySettings) => new AddressGuard(outboundAllow),
    },
    DeliveryQueue,
    EventConsumers,
    EventRelay,
    WebhookFanOut,
    WebhookRepository,
    Webhooks,
    WebhookSender,
  ],
  exports: [Outbox, AddressGuard],
})
export class WebhooksModule {}
