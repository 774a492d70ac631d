import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { defineEnvironment } from './environment.js';

export const adminEnvironment = defineEnvironment({
  adminHost: {
    env: 'GANGLION_ADMIN_HOST',
    type: 'string',
    default: '127.0.0.1',
    doc: 'Address of the admin port; in a cluster 0.0.0.0, for probes and scrapes.',
  },
  adminPort: {
    env: 'GANGLION_ADMIN_PORT',
    type: 'integer',
    min: 0,
    max: 65_535,
    default: 9090,
    doc: 'Port of /livez, /readyz and /metrics; 0 takes a free one.',
  },
});

export interface AdminServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves liveness, readiness and metrics on a port of its own, away from the callers'. */
export async function startAdminServer(
  listen: { readonly adminHost: string; readonly adminPort: number },
  isReady: () => boolean,
  registry: Registry,
): Promise<AdminServer> {
  const server = createServer((request, response) => {
    void respond(request.url ?? '/', response, isReady, registry);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.adminPort, listen.adminHost, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

async function respond(
  url: string,
  response: ServerResponse,
  isReady: () => boolean,
  registry: Registry,
): Promise<void> {
  switch (url.split('?', 1)[0]) {
    case '/livez':
      return end(response, 200, 'live');
    case '/readyz':
      return isReady() ? end(response, 200, 'ready') : end(response, 503, 'not ready');
    case '/metrics':
      return end(response, 200, await registry.metrics(), registry.contentType);
    default:
      return end(response, 404, 'There are /livez, /readyz and /metrics.');
  }
}

function end(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
