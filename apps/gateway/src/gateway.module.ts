import type { BlobStore } from '@ganglion/persistence';
import { BLOBS, NATS } from '@ganglion/service-kit/tokens';
import type { NatsConnection } from '@nats-io/nats-core';
import { Module, type DynamicModule } from '@nestjs/common';
import { Authenticator } from './auth/authenticator.js';
import { NatsLink } from './call/nats-link.js';
import { OperationCalls } from './call/operation-calls.js';
import type { GatewaySettings } from './config.js';
import { ServiceRegistry } from './discovery/service-registry.js';
import { OperationHandler } from './http/operation.handler.js';
import { PersistenceModule } from './persistence/persistence.module.js';
import { InputReader } from './request/input-reader.js';
import { OperationRoutes } from './routes/operation-routes.js';
import { Readiness } from './status/readiness.js';
import { StatusRoutes } from './status/status-routes.js';
import { SettingsModule } from './settings.module.js';

@Module({})
export class GatewayModule {
  /** Within a service module of the kit, which gives the rest. */
  static with(settings: GatewaySettings): DynamicModule {
    return {
      module: GatewayModule,
      imports: [SettingsModule.of(settings), PersistenceModule],
      providers: [
        {
          provide: OperationCalls,
          inject: [NATS, BLOBS, NatsLink, ServiceRegistry],
          useFactory: (nats: NatsConnection, blobs: BlobStore, link: NatsLink, registry: ServiceRegistry) => {
            const { retryAfterSilenceMs, maxInFlight } = settings;
            return new OperationCalls({ nats, blobs, link, registry, retryAfterSilenceMs, maxInFlight });
          },
        },
        NatsLink,
        ServiceRegistry,
        OperationRoutes,
        Authenticator,
        InputReader,
        OperationHandler,
        Readiness,
        StatusRoutes,
      ],
    };
  }
}
