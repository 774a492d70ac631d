import { FolderBlobStore } from '@ganglion/persistence';
import { readEnvironment } from '@ganglion/service-kit/environment';
import { createLogger, type Logger } from '@ganglion/service-kit/logger';
import { Metrics } from '@ganglion/service-kit/metrics';
import { connectToNats, leaveNats } from '@ganglion/service-kit/nats-connection';
import type { INestApplicationContext } from '@nestjs/common';
import type { FastifyInstance, HTTPMethods } from 'fastify';
import { RefusedLogins, watchLogins } from './audit/refused-logins.js';
import { checkAuthSettings } from './auth/check-settings.js';
import { sweepBlobs } from './blobs/sweep-blobs.js';
import { NatsLink } from './call/nats-link.js';
import { environment } from './config.js';
import { ContractMemory } from './discovery/contract-memory.js';
import { Discovery } from './discovery/discovery.js';
import { ServiceRegistry } from './discovery/service-registry.js';
import { serveDocs } from './docs/docs-page.js';
import { createEdgeService } from './edge-service.js';
import { createServer } from './http/create-server.js';
import { GatewayServer } from './http/gateway-server.js';
import { OperationHandler } from './http/operation.handler.js';
import { JobEventStream } from './jobs/job-event-stream.js';
import { serveOpenApi } from './openapi/openapi-route.js';
import { Purge } from './persistence/system/purge.js';
import { serveErrorPages } from './problems/error-pages.js';
import { OperationRoutes } from './routes/operation-routes.js';
import { Readiness } from './status/readiness.js';
import { StatusRoutes } from './status/status-routes.js';
import { UsageMeter } from './usage/usage-meter.js';

export interface RunningGateway {
  /** Where it listens. */
  readonly url: string;
  readonly logger: Logger;
  /** Drains: not ready first, then no new calls, then those in flight. */
  stop(): Promise<void>;
}

/**
 * Starts the gateway: connects, looks who is there, and only then listens.
 *
 * @param source Environment variables.
 */
export async function startGateway(
  source: Readonly<Record<string, string | undefined>>,
): Promise<RunningGateway> {
  const settings = readEnvironment(environment, source);
  checkAuthSettings(settings);
  const logger = createLogger('gateway', settings.logLevel);
  const metrics = new Metrics('gateway');
  const nats = await connectToNats(settings, 'gateway', logger);
  const blobs = new FolderBlobStore(settings.blobDir);
  const context = await createEdgeService({ settings, logger, nats, blobs, metrics });
  const readiness = context.get(Readiness);
  const server = await createServer(settings, logger);
  const listening = new GatewayServer({ server, readiness, metrics, settings, logger });
  addRoutes(server, context);
  watchLogins(server, context.get(RefusedLogins));

  const [registry, link] = [context.get(ServiceRegistry), context.get(NatsLink)];
  const intervalMs = settings.discoveryIntervalMs;
  const discovery = await Discovery.start({ nats, link, registry, intervalMs, logger });
  const purge = context.get(Purge);
  context.get(ContractMemory).start();
  const endSweeping = sweepBlobs(blobs, logger, (leases) => purge.held(leases));
  await context.listen();
  const stop = async (): Promise<void> => {
    await listening.drain();
    await discovery.stop();
    await context.close();
    endSweeping();
    await leaveNats(nats);
  };
  try {
    const url = await listening.listen();
    logger.info({ url }, 'Ready');
    return { url, logger, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What contracts may bind, and HEAD. OPTIONS is left to CORS; any other method is told what the path takes. */
const METHODS: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

function addRoutes(server: FastifyInstance, context: INestApplicationContext): void {
  const [routes, registry] = [context.get(OperationRoutes), context.get(ServiceRegistry)];
  const handler = context.get(OperationHandler);
  context.get(UsageMeter).serve(server);
  context.get(StatusRoutes).serve(server);
  context.get(JobEventStream).serve(server);
  serveOpenApi(server, routes, registry);
  serveErrorPages(server, routes);
  serveDocs(server);
  server.get('/', (_request, reply) => reply.redirect('/docs'));
  server.route({ method: METHODS, url: '/*', handler: (request, reply) => handler.handle(request, reply) });
  server.setNotFoundHandler((request, reply) => handler.handle(request, reply));
}
