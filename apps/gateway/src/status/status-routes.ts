import { ServiceError } from '@ganglion/contracts/errors';
import type { FastifyInstance } from 'fastify';
import { Inject, Injectable } from '@nestjs/common';
import { Authenticator } from '../auth/authenticator.js';
import type { GatewaySettings } from '../config.js';
import { ServiceRegistry } from '../discovery/service-registry.js';
import { SETTINGS } from '../settings.module.js';
import { describeServices } from './describe-services.js';
import { Readiness } from './readiness.js';

/** How the gateway is, and what stands behind it. */
@Injectable()
export class StatusRoutes {
  constructor(
    private readonly registry: ServiceRegistry,
    private readonly authenticator: Authenticator,
    private readonly readiness: Readiness,
    @Inject(SETTINGS) private readonly settings: GatewaySettings,
  ) {}

  serve(server: FastifyInstance): void {
    server.get('/healthz', () => ({ status: 'ok' }));
    server.get('/readyz', () => {
      const { isReady, reason } = this.readiness;
      if (!isReady) throw new ServiceError('unavailable', reason, { retryAfterMs: 1_000 });
      return { status: 'ready' };
    });
    server.get('/v1/services', async (request) => {
      await this.authenticator.authenticate(request);
      return describeServices(this.registry, this.settings.expect);
    });
  }
}
