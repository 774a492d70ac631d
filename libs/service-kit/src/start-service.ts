import { FolderBlobStore } from '@ganglion/persistence';
import { NestFactory } from '@nestjs/core';
import type { INestMicroservice, Type } from '@nestjs/common';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { adminEnvironment, startAdminServer, type AdminServer } from './admin-server.js';
import { Caller } from './caller.js';
import { defineEnvironment, readEnvironment } from './environment.js';
import { jobEnvironment, jobSlotsOf } from './jobs/job-environment.js';
import type { Kit, ServiceIdentity } from './kit.js';
import { PredictionLedger } from './ledger/prediction-ledger.js';
import { PredictionPublisher } from './ledger/prediction-publisher.js';
import { createLogger, loggerEnvironment } from './logger.js';
import { Metrics } from './metrics.js';
import { connectToNats, leaveNats, natsEnvironment } from './nats-connection.js';
import { NestLogger } from './nest-logger.js';
import { PassErrorsFilter } from './pass-errors.filter.js';
import { processEnvironment } from './process-life.js';
import { ServiceModule } from './service.module.js';
import { NatsServicesTransport } from './transport/nats-services.transport.js';

/** What every service reads, beside its own settings. */
export const serviceEnvironment = defineEnvironment({
  ...natsEnvironment,
  ...loggerEnvironment,
  ...processEnvironment,
  ...adminEnvironment,
  ...jobEnvironment,
});

export interface ServiceDefinition extends ServiceIdentity {
  /** The service's Nest module; its controllers' `@Handles` methods are the contract. */
  readonly module: Type;
}

export interface RunningService {
  readonly kit: Kit;
  readonly app: INestMicroservice;
  readonly adminPort: number;
  /** Drains: not ready first, then no new calls, then those in flight, then the ledger's events. */
  stop(): Promise<void>;
}

/**
 * Starts a service: connects, loads what its module loads, and only then lets itself be found.
 *
 * @param source Environment variables.
 */
export async function startService(
  definition: ServiceDefinition,
  source: Readonly<Record<string, string | undefined>>,
): Promise<RunningService> {
  const settings = readEnvironment(serviceEnvironment, source);
  const logger = createLogger(definition.name, settings.logLevel);
  const metrics = new Metrics(definition.name);
  const nats = await connectToNats(settings, definition.name, logger);
  const blobs = new FolderBlobStore(settings.blobDir);
  const caller = new Caller(nats, blobs);
  const publisher = new PredictionPublisher(nats, logger, metrics.registry);
  const ledger = new PredictionLedger(caller, publisher);
  const { name, version, summary, module } = definition;
  const identity = { name, version, summary };
  const { maxInFlight, drainMs } = settings;
  const jobSlots = jobSlotsOf(settings);
  const services = { nats, blobs, caller, ledger, logger, metrics };
  const kit: Kit = { identity, ...services, maxInFlight, drainMs, jobSlots };

  let isReady = false;
  const admin = await startAdminServer(settings, () => isReady && !nats.isClosed(), metrics.registry);
  const end = (app: INestMicroservice | undefined) => async (): Promise<void> => {
    isReady = false;
    await app?.close();
    await publisher.flush(drainMs);
    await leaveNats(nats);
    await admin.close();
  };
  try {
    const app = await listen(kit, module);
    isReady = true;
    logger.info({ version, adminPort: admin.port }, 'Ready');
    return { kit, app, adminPort: admin.port, stop: end(app) };
  } catch (error) {
    await endQuietly(nats, admin);
    throw error;
  }
}

async function listen(kit: Kit, module: Type): Promise<INestMicroservice> {
  const root = { module: class RootModule {}, imports: [ServiceModule.of(kit), module] };
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(root, {
    strategy: new NatsServicesTransport(kit),
    logger: new NestLogger(kit.logger),
    abortOnError: false,
  });
  app.useGlobalFilters(new PassErrorsFilter());
  try {
    await app.listen();
    return app;
  } catch (error) {
    // What of the module has begun its work would go on with it.
    await app.close().catch(() => undefined);
    throw error;
  }
}

async function endQuietly(nats: Kit['nats'], admin: AdminServer): Promise<void> {
  await nats.close();
  await admin.close();
}
