import { request as httpRequest } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem } from '@ganglion/contracts/errors';
import { KEY_CHANGED } from '@ganglion/contracts/ledger';
import { contractSubject, CONTRACT_DIGEST, operationSubject, QUEUE_GROUP } from '@ganglion/contracts/wire';
import { publishEvent } from '@ganglion/service-kit/events';
import { testService } from '@ganglion/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Svcm } from '@nats-io/services';
import { CanteenHandler, COOK_ONLY_KEY, idOf, KEY, KeysHandler, sha256Of } from './fixtures.js';
import { startCanteen, type Canteen } from './start-canteen.js';

let stack: Canteen;
let nats: NatsConnection;
beforeAll(async () => {
  stack = await startCanteen({
    GANGLION_RETRY_AFTER_SILENCE_MS: '200',
    GANGLION_EXPECT: 'canteen,bakery',
    GANGLION_CORS_ORIGINS: 'https://a.example,https://c.example',
  });
  const { GANGLION_NATS_URL: servers = '', GANGLION_NATS_TOKEN: token = '' } = stack.environment;
  nats = await connect({ servers, token });
});
afterAll(async () => {
  await nats.close();
  await stack.stop();
});

const wash = (ms: number, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Response> =>
  stack.fetch('/v1/canteen/wash', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ ms }),
    ...(signal && { signal }),
  });
const withKey = (key: string, path = '/v1/menus/today'): Promise<Response> =>
  stack.fetch(path, { headers: { authorization: key } });
const codeOf = async (response: Response): Promise<string> => ((await response.json()) as Problem).code;
const eventually = async (isTrue: () => boolean | Promise<boolean>): Promise<void> => {
  for (let tries = 0; !(await isTrue()); tries++) {
    if (tries === 100) throw new Error('It never became true.');
    await sleep(50);
  }
};

interface ServicesStatus {
  readonly ready: boolean;
  readonly services: readonly { service: string; state: string; instances: number }[];
}
const instancesOf = async (name: string): Promise<number> => {
  const { services } = (await (await stack.fetch('/v1/services')).json()) as ServicesStatus;
  return services.find(({ service }) => service === name)?.instances ?? 0;
};

/** An instance of the canteen that is found, gets calls, and never answers one. */
async function addSilentInstance(): Promise<{ calls: () => number; leave(): Promise<void> }> {
  const known = await nats.request('$SRV.INFO.canteen', '', { timeout: 1_000 });
  const { version, metadata } = known.json<{ version: string; metadata: Record<string, string> }>();
  const digest = metadata[CONTRACT_DIGEST] ?? '';
  const service = await new Svcm(nats).add({
    name: 'canteen',
    version,
    metadata: { [CONTRACT_DIGEST]: digest },
  });
  const { id } = service.info();
  let calls = 0;
  const callback = (): void => {
    calls += 1;
  };
  const subscriptions = [
    nats.subscribe(operationSubject('canteen', 'wash', id), { callback }),
    nats.subscribe(operationSubject('canteen', 'wash'), { queue: QUEUE_GROUP, callback }),
  ];
  await nats.flush();
  const leave = async (): Promise<void> => {
    for (const subscription of subscriptions) subscription.unsubscribe();
    await service.stop();
  };
  return { calls: () => calls, leave };
}

describe('keys', () => {
  it('are asked about once, however many calls come', async () => {
    await Promise.all(Array.from({ length: 20 }, () => withKey(`Bearer ${KEY}`)));
    const asked = KeysHandler.asked;
    await Promise.all(Array.from({ length: 20 }, () => withKey(`Bearer ${KEY}`)));
    expect(KeysHandler.asked).toBe(asked);
  });

  it('are refused when they are none, and unknown ones are asked about once', async () => {
    for (const header of ['', 'Bearer x', 'Basic abc']) {
      const response = await withKey(header);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await codeOf(response)).toBe('unauthenticated');
    }
    const asked = KeysHandler.asked;
    const unknown = `Bearer gk_live_${'u'.repeat(43)}`;
    expect((await withKey(unknown)).status).toBe(401);
    expect((await withKey(unknown)).status).toBe(401);
    expect(KeysHandler.asked).toBe(asked + 1);
  });

  it('open what their scopes name', async () => {
    const response = await withKey(`Bearer ${COOK_ONLY_KEY}`);
    expect(response.status).toBe(403);
    const { detail } = (await response.json()) as Problem;
    expect(detail).toContain('canteen:menu');
  });

  it('stop working as soon as they are revoked', async () => {
    const sha256 = sha256Of(COOK_ONLY_KEY);
    expect((await withKey(`Bearer ${COOK_ONLY_KEY}`, '/v1/services')).status).toBe(200);
    KeysHandler.revoked.add(sha256);
    expect((await withKey(`Bearer ${COOK_ONLY_KEY}`, '/v1/services')).status).toBe(200);
    publishEvent(nats, KEY_CHANGED, { id: idOf(sha256) });
    await nats.flush();
    await eventually(async () => (await withKey(`Bearer ${COOK_ONLY_KEY}`, '/v1/services')).status === 401);
  });

  it('work on without the control plane when they are known, and are 503 when not', async () => {
    const { environment, keys } = stack;
    await keys.stop();
    expect((await withKey(`Bearer ${KEY}`)).status).toBe(200);
    const unknown = await withKey(`Bearer gk_live_${'n'.repeat(43)}`);
    expect(unknown.status).toBe(503);
    expect(unknown.headers.get('retry-after')).toBe('1');
    stack.keys = await testService({ name: 'control-plane', controllers: [KeysHandler], environment });
  });
});

describe('deadlines', () => {
  it('are the contract’s, and a client may shorten them', async () => {
    const started = performance.now();
    const response = await wash(1_500, { 'ganglion-deadline-ms': '300' });
    expect(performance.now() - started).toBeLessThan(1_200);
    expect(response.status).toBe(504);
    expect(await codeOf(response)).toBe('deadline_exceeded');
    const cannotBeRead = await wash(1, { 'ganglion-deadline-ms': 'soon' });
    expect(await codeOf(cannotBeRead)).toBe('malformed_request');
  });

  it('are called off when the client goes away', async () => {
    CanteenHandler.lastAbort = undefined;
    const gone = new AbortController();
    const call = wash(1_900, {}, gone.signal).catch(() => undefined);
    await sleep(100);
    gone.abort();
    await call;
    // What the test before left running may end by its own deadline meanwhile.
    await eventually(() => (CanteenHandler.lastAbort as { code?: string } | undefined)?.code === 'cancelled');
  });
});

describe('a model that a client asks for', () => {
  it('is told to the service, which knows whether it has it', async () => {
    const headers = { 'ganglion-model': 'dishwasher@1.0.0' };
    const refused = await wash(1, headers);
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({
      code: 'unknown_model',
      detail: 'canteen/wash runs no model: leave out Ganglion-Model.',
    });
    expect((await wash(1)).status).toBe(200);
  });
});

describe('instances', () => {
  it('that are silent lose their calls to another one, and get no more', async () => {
    const silent = await addSilentInstance();
    await eventually(async () => (await instancesOf('canteen')) === 2);
    const started = performance.now();
    const answers = await Promise.all(Array.from({ length: 6 }, () => wash(1)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(performance.now() - started).toBeLessThan(1_500);
    const silentlyHeld = silent.calls();
    expect(silentlyHeld).toBeGreaterThan(0);
    for (let call = 0; call < 10; call++) await wash(1);
    expect(silent.calls()).toBe(silentlyHeld);
    await silent.leave();
  });

  it('that leave are dropped, and calls that were sent to them by name find another one', async () => {
    const { environment } = stack;
    const second = await testService({ name: 'canteen', controllers: [CanteenHandler], environment });
    await eventually(async () => (await instancesOf('canteen')) === 2);
    await second.stop();
    const answers = await Promise.all(Array.from({ length: 10 }, () => wash(1)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    await eventually(async () => (await instancesOf('canteen')) === 1);
  });
});

describe('discovery', () => {
  const contract = {
    service: 'bakery',
    version: '0.0.0',
    summary: 'Bakes.',
    capabilities: [],
  };

  it('shows what is there and what is missing', async () => {
    const { ready, services } = (await (await stack.fetch('/v1/services')).json()) as ServicesStatus;
    expect(ready).toBe(false);
    expect(services.map(({ service, state }) => [service, state])).toEqual([
      ['bakery', 'missing'],
      ['canteen', 'ready'],
      ['control-plane', 'ready'],
      ['edge', 'ready'],
    ]);
    expect((await fetch(`${stack.url}/v1/services`)).status).toBe(401);
  });

  it('passes over contracts that cannot be read, and other people’s services', async () => {
    const stranger = await new Svcm(nats).add({ name: 'stranger', version: '1.0.0' });
    const metadata = { [CONTRACT_DIGEST]: 'not-its-digest' };
    const broken = await new Svcm(nats).add({ name: contract.service, version: '1.0.0', metadata });
    nats.subscribe(contractSubject('bakery'), {
      callback: (_error, message) => void message.respond('not MessagePack'),
    });
    await sleep(1_200);
    expect((await wash(1)).status).toBe(200);
    const { services } = (await (await stack.fetch('/v1/services')).json()) as ServicesStatus;
    expect(services.find(({ service }) => service === 'bakery')).toMatchObject({ state: 'missing' });
    expect(services.some(({ service }) => service === 'stranger')).toBe(false);
    await stranger.stop();
    await broken.stop();
  });

  it('keeps the routes of a service whose last instance has gone: 503, not 404', async () => {
    await stack.canteen.stop();
    const response = await wash(1);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await codeOf(response)).toBe('unavailable');
    const { environment } = stack;
    stack.canteen = await testService({ name: 'canteen', controllers: [CanteenHandler], environment });
    expect((await wash(1)).status).toBe(200);
  });
});

describe('the gateway itself', () => {
  it('tells how it is, without a key', async () => {
    expect(await (await fetch(`${stack.url}/healthz`)).json()).toEqual({ status: 'ok' });
    expect((await fetch(`${stack.url}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`${stack.url}/metrics`)).text();
    expect(metrics).toMatch(
      /ganglion_calls_total\{operation="canteen.wash",code="ok",service="gateway"\} \d/,
    );
    expect(metrics).toContain('code="deadline_exceeded"');
  });

  it('answers headers that are too large, and what is no HTTP, with a problem', async () => {
    const { hostname, port } = new URL(stack.url);
    const send = (text: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connectSocket(Number(port), hostname, () => socket.write(text));
        let answer = '';
        socket.on('data', (chunk) => (answer += chunk.toString()));
        socket.on('end', () => resolve(answer));
        socket.on('error', reject);
      });
    const large = await send(`GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${'a'.repeat(20_000)}\r\n\r\n`);
    expect(large).toMatch(/^HTTP\/1\.1 431 /);
    expect(large).toContain('"code":"headers_too_large"');
    expect(await send('nonsense\r\n\r\n')).toContain('"code":"malformed_request"');
  });

  it('outlives clients that hang up in the middle of a body', async () => {
    const { hostname, port } = new URL(stack.url);
    for (const type of ['application/json', 'image/png', 'multipart/form-data; boundary=b']) {
      const headers = { authorization: `Bearer ${KEY}`, 'content-type': type, 'content-length': 2_000_000 };
      const options = { hostname, port, path: '/v1/canteen/trays/weigh', method: 'POST', headers };
      const upload = httpRequest(options);
      upload.on('error', () => undefined);
      upload.write(
        '--b\r\nContent-Disposition: form-data; name="picture"\r\nContent-Type: image/png\r\n\r\n',
      );
      upload.write(Buffer.alloc(900_000));
      await sleep(50);
      upload.destroy();
    }
    // The request for the metrics itself is the one in flight.
    await eventually(async () => {
      const metrics = await (await fetch(`${stack.url}/metrics`)).text();
      return /ganglion_calls_in_flight\{[^}]*\} 1\n/.test(metrics);
    });
  });

  it('lets pages of the origins that are allowed call it, and no others', async () => {
    const ask = (origin: string): Promise<Response> =>
      fetch(`${stack.url}/v1/canteen/wash`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const allowed = await ask('https://a.example');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://a.example');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('Authorization');
    expect((await ask('https://b.example')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('explains each error on a page', async () => {
    const asked = await fetch(`${stack.url}/errors/canteen.sold_out`);
    expect(await asked.json()).toMatchObject({ status: 409, operations: ['canteen.order'] });
    const page = await fetch(`${stack.url}/errors/overloaded`, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('The service is at its limit');
    expect((await fetch(`${stack.url}/errors/constructor`)).status).toBe(404);
  });

  it('serves the docs page and all that it needs', async () => {
    const page = await fetch(`${stack.url}/docs`);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    for (const [, path = ''] of html.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      const asset = await fetch(stack.url + path);
      expect([path, asset.status]).toEqual([path, 200]);
      expect((await asset.arrayBuffer()).byteLength).toBeGreaterThan(0);
    }
  });
});
