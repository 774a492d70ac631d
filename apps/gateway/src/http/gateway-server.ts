import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Metrics } from '@ganglion/service-kit/metrics';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '@ganglion/service-kit/logger';
import type { GatewaySettings } from '../config.js';
import type { Readiness } from '../status/readiness.js';
import { refuseWhenOverloaded } from './refuse-when-overloaded.js';

export interface GatewayServerOptions {
  readonly server: FastifyInstance;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly settings: GatewaySettings;
  readonly logger: Logger;
}

/** The listening server: counts what is in flight, and stops in good order. */
export class GatewayServer {
  private inFlight = 0;

  constructor(private readonly options: GatewayServerOptions) {
    const { server, metrics } = options;
    metrics.countInFlight('http', () => this.inFlight);
    refuseWhenOverloaded(server, metrics);
    server.addHook('onRequest', (_request, reply, done) => {
      this.inFlight += 1;
      reply.raw.once('close', () => (this.inFlight -= 1));
      done();
    });
    server.addHook('onResponse', (request, reply, done) => {
      const operation = request.operationName;
      metrics.calls.inc({ operation, code: reply.problemCode || 'ok' });
      metrics.callSeconds.observe({ operation }, reply.elapsedTime / 1_000);
      done();
    });
    server.get('/metrics', async (_request, reply) =>
      reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
    );
  }

  /** @returns where it listens. */
  async listen(): Promise<string> {
    const { server, settings } = this.options;
    await server.listen({ host: settings.host, port: settings.port });
    const { address, port, family } = server.server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  /** Not ready first, then no new connections, then the end of what is in flight. */
  async drain(): Promise<void> {
    const { server, readiness, settings, logger } = this.options;
    readiness.startDraining();
    await sleep(settings.drainNoticeMs);
    const closed = server.close();
    const deadline = performance.now() + settings.drainMs;
    while (this.inFlight > 0 && performance.now() < deadline) await sleep(10);
    if (this.inFlight > 0)
      logger.warn({ inFlight: this.inFlight }, 'Requests were cut off: the drain took too long');
    server.server.closeAllConnections();
    await closed;
  }
}
