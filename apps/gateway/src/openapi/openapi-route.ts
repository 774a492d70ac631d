import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { ServiceRegistry } from '../discovery/service-registry.js';
import type { OperationRoutes } from '../routes/operation-routes.js';
import { toOpenApiDocument } from './openapi-document.js';

/** `GET /openapi.json`: made once for each change of the routes. */
export function serveOpenApi(
  server: FastifyInstance,
  routes: OperationRoutes,
  registry: ServiceRegistry,
): void {
  let made = { generation: -1, json: '', etag: '' };
  server.get('/openapi.json', (request, reply) => {
    if (made.generation !== routes.generation) {
      const services = [...registry.servedContracts().values()].map(({ document }) => document);
      const json = JSON.stringify(toOpenApiDocument(routes.operations, services));
      const etag = `"${createHash('sha256').update(json).digest('base64url')}"`;
      made = { generation: routes.generation, json, etag };
    }
    void reply.header('etag', made.etag).header('cache-control', 'no-cache');
    if (request.headers['if-none-match'] === made.etag) return reply.code(304).send();
    return reply.type('application/json; charset=utf-8').send(made.json);
  });
}
