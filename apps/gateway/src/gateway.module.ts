import type { BlobStore } from '@ganglion/persistence';
import { Caller } from '@ganglion/service-kit/caller';
import type { Logger } from '@ganglion/service-kit/logger';
import type { NatsConnection } from '@nats-io/nats-core';
import { Module, type DynamicModule } from '@nestjs/common';
import { Authenticator } from './auth/authenticator.js';
import { NatsLink } from './call/nats-link.js';
import { OperationCalls } from './call/operation-calls.js';
import type { GatewaySettings } from './config.js';
import { ServiceRegistry } from './discovery/service-registry.js';
import { OperationHandler } from './http/operation.handler.js';
import { InputReader } from './request/input-reader.js';
import { OperationRoutes } from './routes/operation-routes.js';
import { Readiness } from './status/readiness.js';
import { StatusRoutes } from './status/status-routes.js';
import { BLOBS, LOGGER, NATS, SETTINGS } from './tokens.js';

/** What the process has before its module is made. */
export interface Surroundings {
  readonly settings: GatewaySettings;
  readonly logger: Logger;
  readonly nats: NatsConnection;
  readonly blobs: BlobStore;
}

@Module({})
export class GatewayModule {
  static in({ settings, logger, nats, blobs }: Surroundings): DynamicModule {
    return {
      module: GatewayModule,
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: LOGGER, useValue: logger },
        { provide: NATS, useValue: nats },
        { provide: BLOBS, useValue: blobs },
        { provide: Caller, useValue: new Caller(nats, blobs) },
        {
          provide: OperationCalls,
          inject: [NatsLink, ServiceRegistry],
          useFactory: (link: NatsLink, registry: ServiceRegistry) =>
            new OperationCalls({
              nats,
              link,
              registry,
              blobs,
              retryAfterSilenceMs: settings.retryAfterSilenceMs,
            }),
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
