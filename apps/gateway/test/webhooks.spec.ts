import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyWebhook } from '@ganglion/client';
import { jobCompleted } from '@ganglion/contracts/events/job-events';
import { createDataSource, databaseEnvironment, Outbox, tenantTransaction } from '@ganglion/persistence';
import { readEnvironment } from '@ganglion/service-kit/environment';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { edgeSchema } from '../src/persistence/edge-schema.js';
import { startCanteen, type Canteen } from './start-canteen.js';

interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Shown {
  readonly id: string;
  readonly secret: string;
  readonly isEnabled: boolean;
  readonly code: string;
  readonly detail: string;
  readonly data: readonly {
    id: string;
    state: string;
    log: { status: number | null; error: string | null }[];
  }[];
}

describe('webhooks', () => {
  let canteen: Canteen;
  let runtime: DataSource;
  const servers: Server[] = [];

  beforeAll(async () => {
    canteen = await startCanteen({
      GANGLION_OUTBOUND_ALLOW: '127.0.0.0/8',
      GANGLION_WEBHOOK_TIMEOUT_MS: '500',
      GANGLION_WEBHOOK_FIRST_RETRY_MS: '50',
    });
    const settings = readEnvironment(databaseEnvironment, canteen.environment);
    runtime = await createDataSource(edgeSchema, 'runtime', settings).initialize();
    await until(async () => (await canteen.fetch('/v1/webhooks')).status === 200);
  });
  afterAll(async () => {
    for (const server of servers) server.closeAllConnections();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    await runtime.destroy();
    await canteen.stop();
  });

  /** An endpoint that notes what it hears, and answers as it is told. */
  async function listen(answer: RequestListener): Promise<{ url: string; heard: Heard[] }> {
    const heard: Heard[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        heard.push({ headers: request.headers, body });
        answer(request, response);
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, heard };
  }
  async function until(check: () => Promise<boolean> | boolean): Promise<void> {
    for (const since = performance.now(); !(await check()); await sleep(50)) {
      if (performance.now() - since > 30_000) throw new Error('It did not come about within 30 s.');
    }
  }
  const ask = async (method: string, path: string, body?: unknown) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await canteen.fetch(`/v1/webhooks${path}`, init);
    return { status: response.status, body: (await response.json()) as Shown };
  };
  const subscribe = async (url: string): Promise<Shown> => {
    const { status, body } = await ask('POST', '', { url, events: ['job.completed'] });
    expect(status).toBe(201);
    return body;
  };
  /** The tenant of the canteen's keys, unless told otherwise. */
  const emit = (tenant = 'acme'): Promise<string> =>
    tenantTransaction(runtime, tenant, (manager) =>
      new Outbox('edge').add(manager, jobCompleted, tenant, {
        id: uuidv7(),
        service: 'nlp',
        operation: 'sentiment',
      }),
    );
  const deliveries = async (id: string) => (await ask('GET', `/${id}/deliveries`)).body.data;

  it('get the events of their tenant, signed, and no others', async () => {
    const { url, heard } = await listen((_, response) => response.writeHead(204).end());
    const { id, secret } = await subscribe(url);
    await emit('another');
    const eventId = await emit();
    await until(() => heard.length > 0);
    const [{ body, headers }] = heard as [Heard];
    const event = await verifyWebhook(body, headers, secret);
    expect(event).toMatchObject({ id: eventId, type: 'job.completed', data: { service: 'nlp' } });
    expect(headers['webhook-id']).toBe(eventId);
    await until(async () => (await deliveries(id))[0]?.state === 'delivered');
    expect(await deliveries(id)).toMatchObject([
      { eventId, attempts: 1, log: [{ status: 204, error: null }] },
    ]);
    expect(heard).toHaveLength(1);
    expect(JSON.stringify((await ask('GET', `/${id}`)).body)).not.toContain('whsec_');
  });

  it('are signed with both secrets while one takes the place of the other', async () => {
    const { url, heard } = await listen((_, response) => response.end());
    const { id, secret } = await subscribe(url);
    const rotated = await ask('POST', `/${id}/rotate`, {});
    await ask('POST', `/${id}/test`);
    await until(() => heard.length > 0);
    const [{ body, headers }] = heard as [Heard];
    for (const one of [secret, rotated.body.secret]) {
      expect(await verifyWebhook(body, headers, one)).toMatchObject({ type: 'webhook.test' });
    }
  });

  it('are tried again under the same id, and sent once more when asked', async () => {
    let calls = 0;
    const { url, heard } = await listen((_, response) => response.writeHead(++calls < 3 ? 500 : 200).end());
    const { id } = await subscribe(url);
    const eventId = await emit();
    await until(async () => (await deliveries(id))[0]?.state === 'delivered');
    expect(heard.map(({ headers }) => headers['webhook-id'])).toEqual([eventId, eventId, eventId]);
    const [delivery] = await deliveries(id);
    expect(delivery?.log.map(({ status }) => status)).toEqual([500, 500, 200]);
    expect((await ask('POST', `/${id}/deliveries/${delivery?.id}/redeliver`)).status).toBe(202);
    await until(() => heard.length === 4);
    expect(heard[3]?.headers['webhook-id']).toBe(eventId);
  });

  it('neither wait for an endpoint that never answers nor follow a redirect', async () => {
    const silent = await listen(() => undefined);
    const target = await listen((_, response) => response.end());
    const redirecting = await listen((_, response) =>
      response.writeHead(302, { location: target.url }).end(),
    );
    const [{ id: silentId }, { id: redirectingId }] = [
      await subscribe(silent.url),
      await subscribe(redirecting.url),
    ];
    await emit();
    await until(async () => (await deliveries(silentId))[0]?.log[0] !== undefined);
    await until(async () => (await deliveries(redirectingId))[0]?.log[0] !== undefined);
    expect((await deliveries(silentId))[0]?.log[0]).toMatchObject({
      status: null,
      error: 'No answer within 500 ms.',
    });
    expect((await deliveries(redirectingId))[0]?.log[0]).toMatchObject({
      status: 302,
      error: 'Redirects are not followed.',
    });
    expect(target.heard).toEqual([]);
    for (const id of [silentId, redirectingId]) await ask('DELETE', `/${id}`);
  });

  it('are disabled by an endpoint that says it is gone, and work again when enabled', async () => {
    let status = 410;
    const { url, heard } = await listen((_, response) => response.writeHead(status).end());
    const { id } = await subscribe(url);
    const watcher = await listen((_, response) => response.end());
    await ask('POST', '', { url: watcher.url, events: ['webhook.disabled'] });
    await emit();
    await until(async () => !(await ask('GET', `/${id}`)).body.isEnabled);
    await until(() => watcher.heard.length > 0);
    expect(JSON.parse(watcher.heard[0]?.body ?? '')).toMatchObject({
      type: 'webhook.disabled',
      data: { id, url },
    });
    status = 200;
    await ask('PATCH', `/${id}`, { isEnabled: true });
    await emit();
    await until(() => heard.length > 1);
  });

  it.each([
    ['http://10.0.0.1/', /not at a public address/],
    ['https://169.254.169.254/latest/meta-data', /not at a public address/],
    ['https://[::ffff:10.0.0.1]/', /not at a public address/],
    ['http://8.8.8.8/', /Use https/],
    ['https://user:word@8.8.8.8/', /no user name/],
    ['ftp://8.8.8.8/', /url/],
    ['no url', /url/],
  ])('refuse %s', async (url, detail) => {
    const { status, body } = await ask('POST', '', { url, events: ['job.completed'] });
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'invalid_input' });
    expect(body.detail).toMatch(detail);
  });

  it('are held to permitted addresses at each delivery, not only when they are made', async () => {
    const { heard, url } = await listen((_, response) => response.end());
    const { id } = await subscribe(url);
    // As if the name had come to resolve to ::1 since, which is not allowed here.
    const { port } = new URL(url);
    await tenantTransaction(runtime, 'acme', (manager) =>
      manager.query('UPDATE edge.webhooks SET url = $1 WHERE id = $2', [`http://[::1]:${port}/`, id]),
    );
    await ask('POST', `/${id}/test`);
    await until(async () => (await deliveries(id))[0]?.log[0] !== undefined);
    expect((await deliveries(id))[0]?.log[0]?.error).toMatch(/not at a public address/);
    expect(heard).toEqual([]);
  });

  it('refuse types of events that do not exist', async () => {
    const { status, body } = await ask('POST', '', { url: 'https://8.8.8.8/', events: ['job.exploded'] });
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'invalid_input' });
  });
});
