import { Caller } from '@ganglion/service-kit/caller';
import type { Kit } from '@ganglion/service-kit/kit';
import { PredictionLedger } from '@ganglion/service-kit/ledger/prediction-ledger';
import { PredictionPublisher } from '@ganglion/service-kit/ledger/prediction-publisher';
import { NestLogger } from '@ganglion/service-kit/nest-logger';
import { PassErrorsFilter } from '@ganglion/service-kit/pass-errors.filter';
import { ServiceModule } from '@ganglion/service-kit/service.module';
import { NatsServicesTransport } from '@ganglion/service-kit/transport/nats-services.transport';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { GatewaySettings } from './config.js';
import { GatewayModule } from './gateway.module.js';

/** What the process has before its module is made. */
export type Surroundings = Pick<Kit, 'nats' | 'blobs' | 'logger' | 'metrics'> & {
  readonly settings: GatewaySettings;
};

/**
 * The gateway's module, which is a service as well: what it keeps (jobs, webhooks, usage) it offers by contracts under
 * the name `edge`, to be found, routed and described as any other. `listen()` lets it be found.
 */
export async function createEdgeService(surroundings: Surroundings): Promise<INestMicroservice> {
  const kit = edgeKit(surroundings);
  const root = {
    module: class RootModule {},
    imports: [ServiceModule.of(kit), GatewayModule.with(surroundings.settings)],
  };
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(root, {
    strategy: new NatsServicesTransport(kit),
    logger: new NestLogger(kit.logger),
    abortOnError: false,
  });
  app.useGlobalFilters(new PassErrorsFilter());
  return app;
}

function edgeKit({ settings, nats, blobs, logger, metrics }: Surroundings): Kit {
  const caller = new Caller(nats, blobs);
  const publisher = new PredictionPublisher(nats, logger, metrics.registry);
  return {
    identity: { name: 'edge', version: '0.0.0', summary: 'What the gateway keeps: jobs, events, usage.' },
    nats,
    blobs,
    caller,
    ledger: new PredictionLedger(caller, publisher),
    logger,
    metrics,
    maxInFlight: settings.maxInFlight,
    drainMs: settings.drainMs,
    // Nothing that it offers runs as a job.
    jobSlots: { cpu: 0, gpu: 0, training: 0 },
  };
}
