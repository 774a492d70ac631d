import { ServiceError, toProblem } from '@ganglion/contracts/errors';
import { HEADERS } from '@ganglion/contracts/wire';
import type { Metrics } from '@ganglion/service-kit/metrics';
import type { FastifyInstance } from 'fastify';
import { PROBLEM_TYPE, problemHeaders } from '../problems/send-problem.js';
import { TurnBudget } from './turn-budget.js';

const OVERLOADED = new ServiceError('overloaded', 'The gateway has more calls than it can bear.', {
  retryAfterMs: 1_000,
});

/**
 * Answers calls by 503 that come while the gateway's event loop is overloaded. Each refusal takes time from the calls
 * that are answered, so it goes past all that Fastify does for a reply.
 */
export function refuseWhenOverloaded(
  server: FastifyInstance,
  metrics: Metrics,
  budget: Pick<TurnBudget, 'isSpent'> = new TurnBudget(),
): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (!request.url.startsWith('/v1/') || !budget.isSpent()) return done();
    const problem = toProblem(OVERLOADED, request.id);
    const body = JSON.stringify(problem);
    reply.hijack();
    reply.raw.writeHead(problem.status, {
      ...(reply.getHeaders() as Record<string, string>),
      ...problemHeaders(problem),
      [HEADERS.requestId]: request.id,
      'content-type': PROBLEM_TYPE,
      'content-length': Buffer.byteLength(body),
    });
    reply.raw.end(body);
    metrics.calls.inc({ operation: request.operationName, code: problem.code });
  });
}
