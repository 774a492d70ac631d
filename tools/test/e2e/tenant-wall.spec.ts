import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Capability } from '@ganglion/contracts/capability';
import { toJsonSchema, type ContractDocument } from '@ganglion/contracts/contract-document';
import { recordPredictions } from '@ganglion/contracts/ledger';
import { createErasure, getErasure } from '@ganglion/contracts/services/control-plane/erasures';
import { getRetention } from '@ganglion/contracts/services/control-plane/retention';
import { createKey, listKeys } from '@ganglion/contracts/services/control-plane/keys';
import { getPrediction } from '@ganglion/contracts/services/control-plane/predictions';
import { listJobs } from '@ganglion/contracts/edge/jobs';
import { createSchedule, listSchedules } from '@ganglion/contracts/edge/schedules';
import { createWebhook, listDeliveries, listWebhooks, testWebhook } from '@ganglion/contracts/edge/webhooks';
import { contractSubject } from '@ganglion/contracts/wire';
import { databaseEnvironment, migrate } from '@ganglion/persistence';
import { decode } from '@ganglion/service-kit/codec';
import { readEnvironment } from '@ganglion/service-kit/environment';
import { startServers, testService, type TestServers } from '@ganglion/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  startControlPlane,
  type RunningControlPlane,
} from '../../../apps/control-plane/test/running-control-plane.js';
import { CanteenHandler } from '../../../apps/gateway/test/fixtures.js';
import { edgeSchema } from '../../../apps/gateway/src/persistence/edge-schema.js';
import { startGateway, type RunningGateway } from '../../../apps/gateway/src/start-gateway.js';
import { oldId, recordOf, WALL_CASES, type Belongings } from './tenant-wall.cases.js';

/** Every capability that is declared anywhere among the contracts, by `<service>/<operation>`. */
const SOURCES = join(import.meta.dirname, '../../../libs/contracts/src');
const capabilities = new Map<string, Capability>();
for (const file of readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })) {
  if (!/(?<!\.spec)\.ts$/.test(file)) continue;
  const module = (await import(join(SOURCES, file))) as Record<string, Capability | undefined>;
  for (const value of Object.values(module)) {
    if (typeof value !== 'object' || value === null) continue;
    if ('operation' in value && 'input' in value)
      capabilities.set(`${value.service}/${value.operation}`, value);
  }
}
const keeping = [...capabilities].filter(([, { prediction }]) => prediction === null);
const predicting = [...capabilities].filter(([, { prediction }]) => prediction !== null);

/** In all that A has, so that an answer which holds any of it is known. */
const MARK = 'belongs-to-tenant-a';
const SERVED = ['control-plane', 'edge'];

let servers: TestServers;
let control: RunningControlPlane;
let gateway: RunningGateway;
let keyOfB: string;
let belongings: Belongings;

const asA = { tenant: 'tenant-a' };
const asB = { tenant: 'tenant-b' };

beforeAll(async () => {
  servers = await startServers();
  const environment = { ...servers.environment, GANGLION_PORT: '0', GANGLION_LOG_LEVEL: 'silent' };
  control = await startControlPlane(servers);
  await migrate(edgeSchema, readEnvironment(databaseEnvironment, environment));
  gateway = await startGateway({
    ...environment,
    GANGLION_DISCOVERY_INTERVAL_MS: '200',
    GANGLION_DRAIN_MS: '500',
  });
  keyOfB = (await control.call(createKey, { name: 'of B', roles: ['admin'] }, asB)).key;
  for (const since = performance.now(); (await overHttp(listWebhooks, {})).status !== 200; await sleep(100)) {
    if (performance.now() - since > 30_000) throw new Error('The gateway did not find its own contract.');
  }
  belongings = await furnish();
});
afterAll(async () => {
  await gateway.stop();
  await control.stop();
  await servers.stop();
});

async function furnish(): Promise<Belongings> {
  const [predictionId, twicePredictionId] = [oldId(), oldId()];
  const predictions = [recordOf(predictionId, MARK), recordOf(twicePredictionId, MARK)];
  await control.call(recordPredictions, { predictions }, asA);
  const { id: keyId, key } = await control.call(createKey, { name: MARK }, asA);
  const hook = { url: `https://8.8.8.8/${MARK}`, events: ['job.failed'], description: MARK };
  const { id: webhookId } = await control.call(createWebhook, hook, asA);
  const jobId = await submitJob(key);
  const schedule = { name: MARK, operation: 'canteen.order', input: { dish: MARK }, cron: '0 8 * * *' };
  const { id: scheduleId } = await control.call(createSchedule, schedule, asA);
  const { id: deliveryId } = await control.call(testWebhook, { id: webhookId }, asA);
  const asker = { ...asA, keyId: MARK };
  const { id: erasureId } = await control.call(createErasure, { subject: 'nobody' }, asker);
  return { keyId, predictionId, twicePredictionId, webhookId, deliveryId, jobId, scheduleId, erasureId };
}

/** A job that waits, for nobody is there who would run it. */
async function submitJob(key: string): Promise<string> {
  const environment = { ...servers.environment, GANGLION_LOG_LEVEL: 'silent', GANGLION_DRAIN_MS: '200' };
  const canteen = await testService({ name: 'canteen', controllers: [CanteenHandler], environment });
  const order = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${gateway.url}/v1/canteen/order`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ dish: MARK }),
    });
  for (const since = performance.now(); (await order({})).status !== 200; await sleep(100)) {
    if (performance.now() - since > 30_000) throw new Error('The gateway did not find the canteen.');
  }
  await canteen.stop();
  const response = await order({ prefer: 'respond-async' });
  expect(response.status).toBe(202);
  return ((await response.json()) as { id: string }).id;
}

/** All that A has, as A sees it; but for what goes on by itself. */
async function whatAHas(): Promise<unknown> {
  const { predictionId, twicePredictionId, webhookId } = belongings;
  const keys = (await control.call(listKeys, {}, asA)).data;
  const webhooks = (await control.call(listWebhooks, {}, asA)).data;
  const deliveries = (await control.call(listDeliveries, { id: webhookId }, asA)).data;
  return {
    keys: keys.map(({ lastUsedAt: _, ...key }) => key),
    prediction: await control.call(getPrediction, { id: predictionId }, asA),
    twice: await control.call(getPrediction, { id: twicePredictionId }, asA),
    webhooks: webhooks.map(({ failingSince: _, ...webhook }) => webhook),
    jobs: (await control.call(listJobs, {}, asA)).data.map(({ id, state }) => ({ id, state })),
    erasure: (await control.call(getErasure, { id: belongings.erasureId }, asA)).requestedBy,
    retention: await control.call(getRetention, {}, asA),
    schedules: await control.call(listSchedules, {}, asA),
    deliveries: deliveries.map(({ eventId }) => eventId),
  };
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

async function overHttp({ http }: Capability, input: Record<string, unknown>): Promise<Reply> {
  if (http === null) throw new Error('It has no route.');
  const rest = { ...input };
  const path = http.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(rest[name]);
    delete rest[name];
    return encodeURIComponent(value);
  });
  const hasBody = http.method !== 'GET' && http.method !== 'DELETE';
  const response = await fetch(gateway.url + path, {
    method: http.method,
    headers: { authorization: `Bearer ${keyOfB}`, ...(hasBody && { 'content-type': 'application/json' }) },
    ...(hasBody && { body: JSON.stringify(rest) }),
  });
  return { status: response.status, body: await response.json() };
}

async function overNats(capability: Capability, input: Record<string, unknown>): Promise<Reply> {
  return control.call(capability, input as never, asB).then(
    (body) => ({ status: 200, body }),
    (error: { code?: string; spec?: { status: number } }) => ({
      status: error.spec?.status ?? 500,
      body: { code: error.code },
    }),
  );
}

describe('the wall between tenants', () => {
  it('is tried by a case for each operation that there is', () => {
    expect(keeping.map(([name]) => name).sort()).toEqual(Object.keys(WALL_CASES).sort());
  });

  it('is tried for each operation that is really served', async () => {
    for (const service of SERVED) {
      const reply = await control.kit.nats.request(contractSubject(service), '', { timeout: 5_000 });
      const served = (decode(reply.data) as ContractDocument).capabilities;
      expect(served.length).toBeGreaterThan(0);
      for (const { operation } of served)
        expect([...capabilities.keys()]).toContain(`${service}/${operation}`);
    }
  });

  it.each(predicting)('%s names nothing that is kept', (_, { input }) => {
    // It computes from what it is given: its records are behind predictions.get.
    expect(JSON.stringify(toJsonSchema(input, 'input'))).not.toMatch(/"format":"uuid"/);
  });

  const tried = keeping.flatMap(([name, capability]) => {
    const ways = capability.http === null ? (['NATS'] as const) : (['HTTP', 'NATS'] as const);
    return WALL_CASES[name]?.kind === 'internal' ? [] : ways.map((way) => [name, way, capability] as const);
  });

  it.each(tried)('holds for %s over %s', async (name, way, capability) => {
    const wall = WALL_CASES[name];
    if (wall === undefined || wall.kind === 'internal') throw new Error('There is no case.');
    const before = await whatAHas();
    const input = wall.input(belongings);
    const { status, body } = await (way === 'HTTP' ? overHttp : overNats)(capability, input);
    if (wall.kind === 'by-id')
      expect({ status, body }).toMatchObject({ status: 404, body: { code: 'not_found' } });
    else expect(status).toBeLessThan(300);
    expect(JSON.stringify(body)).not.toContain(MARK);
    expect(await whatAHas()).toEqual(before);
  });
});
