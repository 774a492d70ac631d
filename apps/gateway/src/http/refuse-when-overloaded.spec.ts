import { Metrics } from '@ganglion/service-kit/metrics';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import { refuseWhenOverloaded } from './refuse-when-overloaded.js';

let server: FastifyInstance;
let isSpent: boolean;
const metrics = new Metrics('gateway');

beforeEach(() => {
  server = fastify({ genReqId: () => 'the-request' });
  server.decorateRequest('operationName', 'none');
  refuseWhenOverloaded(server, metrics, { isSpent: () => isSpent });
  server.get('/v1/canteen/menu', () => 'soup');
  server.get('/readyz', () => 'ready');
});
afterEach(() => server.close());

it('refuses calls by a problem as any other, and counts them', async () => {
  isSpent = true;
  const response = await server.inject('/v1/canteen/menu');
  expect(response.statusCode).toBe(503);
  expect(response.headers).toMatchObject({
    'content-type': 'application/problem+json; charset=utf-8',
    'retry-after': '1',
    'ganglion-request-id': 'the-request',
  });
  expect(response.json()).toMatchObject({ code: 'overloaded', retryable: true, requestId: 'the-request' });
  const { values } = await metrics.calls.get();
  expect(values).toContainEqual(
    expect.objectContaining({ value: 1, labels: { operation: 'none', code: 'overloaded' } }),
  );
});

it('lets probes through, and calls while the turn has time', async () => {
  isSpent = true;
  expect((await server.inject('/readyz')).body).toBe('ready');
  isSpent = false;
  expect((await server.inject('/v1/canteen/menu')).body).toBe('soup');
});
