import type { Socket } from 'node:net';
import cors from '@fastify/cors';
import { HEADERS } from '@ganglion/contracts/wire';
import type { Logger } from '@ganglion/service-kit/logger';
import type { FastifyInstance } from 'fastify';
import { fastify } from 'fastify';
import type { Caller } from '../auth/caller.js';
import type { GatewaySettings } from '../config.js';
import { answerBrokenRequest } from '../problems/socket-problem.js';
import { sendProblem } from '../problems/send-problem.js';
import { REPLAYED_HEADER } from '../idempotency/read-idempotency-key.js';
import { requestIdOf } from './request-id.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** `<service>.<operation>`, once the route is found. */
    operationName: string;
    /** Who calls an operation, once that is known. */
    caller: Caller | null;
    /** Inputs that were read. */
    itemCount: number;
  }
  interface FastifyReply {
    /** Code of the problem that was sent; empty for a success. */
    problemCode: string;
  }
}

const MAX_HEADER_BYTES = 16 * 1024;
const HEADERS_TIMEOUT_MS = 20_000;
/** Longer than the 60 s after which load balancers drop idle connections: the gateway must not be first. */
const KEEP_ALIVE_MS = 72_000;

/**
 * A Fastify instance with our limits and errors, and without routes. Bodies are left unread: whoever answers reads them
 * in its own way, within its own limits.
 */
export async function createServer(settings: GatewaySettings, logger: Logger): Promise<FastifyInstance> {
  const server = fastify({
    genReqId: requestIdOf,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: settings.requestTimeoutMs,
    // A call may take its whole deadline without a byte on the line.
    connectionTimeout: 0,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, settings.requestTimeoutMs),
    },
    trustProxy: settings.trustedProxies.length > 0 && [...settings.trustedProxies],
    routerOptions: { maxParamLength: 1_024 },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply, logger),
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket as Socket),
  });
  server.decorateRequest('operationName', 'none');
  server.decorateRequest('caller', null);
  server.decorateRequest('itemCount', 0);
  server.decorateReply('problemCode', '');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, _payload, done) => done(null));
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header(HEADERS.requestId, request.id);
    done();
  });
  server.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, logger));
  const { corsOrigins } = settings;
  if (corsOrigins.length > 0) await allowOrigins(server, corsOrigins);
  return server;
}

async function allowOrigins(server: FastifyInstance, origins: readonly string[]): Promise<void> {
  await server.register(cors, {
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'Authorization',
      'Content-Type',
      HEADERS.deadlineMs,
      HEADERS.idempotencyKey,
      HEADERS.model,
      'Prefer',
      'Last-Event-ID',
      'X-Request-Id',
    ],
    exposedHeaders: [
      HEADERS.requestId,
      HEADERS.predictionId,
      HEADERS.serverTiming,
      'Retry-After',
      'Location',
      'Preference-Applied',
      REPLAYED_HEADER,
    ],
    maxAge: 600,
  });
}
