import { Inbox, OutboxQueue } from '@ganglion/persistence';
import { OutboxRelay } from '@ganglion/service-kit/events/outbox-relay';
import type { Kit } from '@ganglion/service-kit/kit';
import { KIT } from '@ganglion/service-kit/tokens';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { DeliveryQueue } from './delivery-queue.js';
import { SYSTEM_DATA_SOURCE } from './system-data-source.js';

/** Sends the events of the schema `edge`, and removes what is old. */
@Injectable()
export class EventRelay implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly relay: OutboxRelay;

  constructor(
    @Inject(SYSTEM_DATA_SOURCE) system: DataSource,
    @Inject(KIT) { nats, logger, metrics }: Kit,
    inbox: Inbox,
    deliveries: DeliveryQueue,
  ) {
    this.relay = new OutboxRelay({
      queue: new OutboxQueue(system, 'edge'),
      nats,
      logger,
      registry: metrics.registry,
      onPurge: async () => {
        await inbox.purge(system);
        await deliveries.purge();
      },
    });
  }

  onApplicationBootstrap(): void {
    this.relay.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.relay.stop();
  }
}
