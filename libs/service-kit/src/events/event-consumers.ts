import { Inbox } from '@ganglion/persistence';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { Counter } from 'prom-client';
import type { Kit } from '../kit.js';
import { KIT } from '../tokens.js';
import { EventConsumer } from './event-consumer.js';
import { EVENT_SUBSCRIPTION, type EventHandler, type EventSubscription } from './on-event.js';

/** Finds the methods with `@OnEvent`, and has them hear events. For a module that imports `DiscoveryModule`. */
@Injectable()
export class EventConsumers implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly consumers: EventConsumer[] = [];
  private readonly scanner = new MetadataScanner();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
    private readonly inbox: Inbox,
    @Inject(KIT) private readonly kit: Kit,
  ) {}

  onApplicationBootstrap(): void {
    const { nats, logger, metrics, identity } = this.kit;
    const taken = new Counter({
      name: 'ganglion_events_taken_total',
      help: 'Events that came to a consumer, by what became of them.',
      labelNames: ['consumer', 'outcome'] as const,
      registers: [metrics.registry],
    });
    for (const [subscription, handler] of this.find()) {
      const consumer = `${identity.name}-${subscription.name}`;
      const onOutcome = (outcome: string): void => taken.inc({ consumer, outcome });
      const parts = { nats, inbox: this.inbox, logger, onOutcome };
      this.consumers.push(new EventConsumer(consumer, subscription, handler, parts));
    }
    for (const consumer of this.consumers) consumer.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
  }

  private *find(): Generator<[EventSubscription, EventHandler]> {
    const providers = [...this.discovery.getProviders(), ...this.discovery.getControllers()];
    for (const { instance } of providers.filter(({ isNotMetatype }) => !isNotMetatype)) {
      if (typeof instance !== 'object' || instance === null) continue;
      for (const name of this.scanner.getAllMethodNames(Object.getPrototypeOf(instance))) {
        const method: EventHandler = instance[name];
        const subscription = this.reflector.get<EventSubscription | undefined>(EVENT_SUBSCRIPTION, method);
        if (subscription !== undefined)
          yield [subscription, (event, manager) => method.call(instance, event, manager)];
      }
    }
  }
}
