import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Answers } from '@ganglion/contracts/answer';
import type { Capability } from '@ganglion/contracts/capability';
import { CORE_ERRORS, ServiceError, type CoreErrorCode } from '@ganglion/contracts/errors';
import { HEADERS, PREDICTIONS_STREAM, cancelSubject, operationSubject } from '@ganglion/contracts/wire';
import { startServers, testService, type TestServers, type TestService } from '@ganglion/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers } from '@nats-io/nats-core';
import { Svcm } from '@nats-io/services';
import { decode, encode } from '../src/codec.js';
import { dawdle, EchoHandler, fail, leave, LeavingHandler, say, swear } from './echo.fixture.js';
import { LedgerHandler } from './ledger.fixture.js';

let servers: TestServers;
let service: TestService;

beforeAll(async () => {
  servers = await startServers();
  // The stream of predictions is made by a test at the end: until then their events wait.
  const environment = { ...servers.environment, GANGLION_DRAIN_MS: '2000' };
  service = await testService({ name: 'echo', controllers: [EchoHandler], environment });
});

afterAll(async () => {
  await service.stop();
  await servers.stop();
});

const failure = async (call: Promise<unknown>): Promise<ServiceError> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ServiceError)) throw new Error(`expected a ServiceError, got ${String(error)}`);
  return error;
};

const startLedger = (): Promise<TestService> =>
  testService({ name: 'control-plane', controllers: [LedgerHandler], environment: servers.environment });

/** Calls without the types of the contract, as a client in another language could. */
const callRaw = (capability: Capability, input: unknown): Promise<unknown> =>
  service.call(capability, input as never);

describe('a call', () => {
  it('is answered with id, model, output and warnings', async () => {
    const answer = (await callRaw(say, { text: 'ho', times: 2 })) as Answer<{ text: string }>;
    expect(answer).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      model: { id: 'echo', version: '1.0.0' },
      output: { text: 'hoho' },
      warnings: ['repeated'],
    });
  });

  it('keeps the prediction id that came with it, and tells its stages', async () => {
    const { nats } = service.kit;
    const id = '01890a5d-ac96-774b-bcce-b302099a8057';
    const asked = headers();
    asked.set(HEADERS.predictionId, id);
    const reply = await nats.request(operationSubject('echo', 'say'), encode({ text: 'ho' }), {
      headers: asked,
      timeout: 1_000,
    });
    expect((decode(reply.data) as Answer).id).toBe(id);
    expect(reply.headers?.get(HEADERS.serverTiming)).toMatch(/^compute;dur=[\d.]+, ledger;dur=[\d.]+$/);
  });

  it('passes bodies above the inline limit through the blob store, both ways, and to the ledger as well', async () => {
    const ledger = await startLedger();
    const text = 'x'.repeat(700_000);
    const answer = (await callRaw(say, { text, times: 3 })) as Answer<{ text: string }>;
    await ledger.stop();
    expect(answer.output.text.length).toBe(2_100_000);
    expect(LedgerHandler.recorded.map(({ id }) => id)).toContain(answer.id);
  });

  it('takes many inputs, answers in order, and keeps a wrong one from spoiling the others', async () => {
    const inputs = [{ text: 'a' }, { text: '' }, { text: 'c' }, { text: 'blasphemy' }];
    const { results } = (await callRaw(say, { inputs })) as Answers<{ text: string }>;
    expect(results).toMatchObject([
      { output: { text: 'a' } },
      { error: { code: 'invalid_input', errors: [{ pointer: '/inputs/1/text' }] } },
      { output: { text: 'c' } },
      { error: { code: 'invalid_input', detail: 'Not here.', errors: [{ pointer: '/inputs/3/text' }] } },
    ]);
    expect(new Set(results.map((result) => ('id' in result ? result.id : ''))).size).toBe(3);
  });
});

describe('a call that does not fit', () => {
  it.each([
    [{}, 'invalid_input', '/text'],
    [{ text: 7 }, 'invalid_input', '/text'],
    [{ text: 'a', times: 1.5 }, 'invalid_input', '/times'],
    [{ text: 'a', lang: 'de' }, 'unknown_option', '/lang'],
    [{ inputs: [] }, 'invalid_input', '/inputs'],
    [{ inputs: [1, 2, 3, 4, 5].map(() => ({ text: 'a' })) }, 'too_many_items', '/inputs'],
    [null, 'invalid_input', ''],
  ])('%j is refused with %s at %s', async (input, code, pointer) => {
    const error = await failure(callRaw(say, input));
    expect(error.code).toBe(code);
    expect(error.errors?.[0]?.pointer).toBe(pointer);
  });

  it('is told so when it is not MessagePack', async () => {
    const reply = await service.kit.nats.request(operationSubject('echo', 'say'), new Uint8Array([0xd9, 5]));
    expect(reply.headers?.get('Nats-Service-Error-Code')).toBe('400');
    expect(decode(reply.data)).toMatchObject({ code: 'malformed_request', status: 400 });
  });

  it('is told so when its tenant is no tenant', async () => {
    expect(await failure(service.call(say, { text: 'a' }, { tenant: '../other' }))).toMatchObject({
      code: 'malformed_request',
    });
  });
});

describe('errors', () => {
  it.each(Object.keys(CORE_ERRORS) as CoreErrorCode[])('%s goes through NATS and back', async (code) => {
    const error = await failure(service.call(fail, { code }));
    expect(error.code).toBe(code);
    expect(error.spec).toEqual(CORE_ERRORS[code]);
    if (code === 'internal') return;
    expect(error.message).toBe(`Told to fail with ${code}.`);
    expect(error.errors).toEqual([{ pointer: '/code', detail: 'that one' }]);
    expect(error.retryAfterMs).toBe(250);
  });

  it("carries a service's own code with status and title", async () => {
    const error = await failure(service.call(fail, { code: 'echo.tired' }));
    expect(error).toMatchObject({ code: 'echo.tired', spec: { status: 418, title: 'The echo is tired' } });
  });

  it('hides the message of a defect', async () => {
    const error = await failure(service.call(fail, { code: 'defect' }));
    expect(error.code).toBe('internal');
    expect(error.message).not.toContain('secret');
  });

  it('says at once that nobody serves an operation', async () => {
    const nobody = { ...say, service: 'nobody' };
    const started = performance.now();
    expect((await failure(service.call(nobody, { text: 'a' }))).code).toBe('unavailable');
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('deadlines and cancellation', () => {
  it('ends a call at its deadline and stops the work', async () => {
    EchoHandler.lastAbort = undefined;
    const started = performance.now();
    const call = service.call(dawdle, { ms: 5_000 }, { deadline: performance.now() + 200 });
    expect((await failure(call)).code).toBe('deadline_exceeded');
    expect(performance.now() - started).toBeLessThan(1_500);
    await sleep(50);
    expect(EchoHandler.lastAbort).toMatchObject({ code: 'deadline_exceeded' });
  });

  it("never allows more than the capability's own deadline", async () => {
    const started = performance.now();
    const call = service.call(dawdle, { ms: 60_000 }, { deadline: performance.now() + 60_000 });
    expect((await failure(call)).code).toBe('deadline_exceeded');
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it('stops the work of a caller that has gone', async () => {
    EchoHandler.lastAbort = undefined;
    const call = failure(service.call(dawdle, { ms: 700 }, { requestId: 'gone' }));
    await sleep(100);
    service.kit.nats.publish(cancelSubject('gone'));
    expect((await call).code).toBe('cancelled');
    expect(EchoHandler.lastAbort).toMatchObject({ code: 'cancelled' });
  });
});

describe('the ledger', () => {
  it('withholds the answer under before-answer when it cannot be recorded', async () => {
    const error = await failure(service.call(swear, { text: 'a' }));
    expect(error).toMatchObject({ code: 'ledger_unavailable', spec: { status: 503, retryable: true } });
  });

  it('commits under before-answer before the answer leaves', async () => {
    const ledger = await startLedger();
    const answer = (await service.call(swear, { text: 'a' }, { tenant: 'acme' })) as unknown as Answer;
    expect(LedgerHandler.recorded.at(-1)).toMatchObject({
      tenant: 'acme',
      id: answer.id,
      output: { text: 'a' },
    });
    await ledger.stop();
  });

  it('publishes under async, and sends again what no stream has taken', async () => {
    const { nats } = service.kit;
    const answer = (await callRaw(say, { text: 'kept' })) as Answer;
    const manager = await jetstreamManager(nats);
    await manager.streams.add({ name: PREDICTIONS_STREAM.name, subjects: [PREDICTIONS_STREAM.subject] });
    const consumer = await jetstream(nats).consumers.get(PREDICTIONS_STREAM.name);
    const ids: string[] = [];
    for await (const message of await consumer.consume({ expires: 5_000 })) {
      const { predictions } = decode(message.data) as { predictions: { id: string; inputSha256: string }[] };
      ids.push(...predictions.map(({ id }) => id));
      if (ids.includes(answer.id)) break;
    }
    expect(ids).toContain(answer.id);
  });
});

describe('a service among others', () => {
  it('is found by the NATS Services protocol, with its contract', async () => {
    const { nats } = service.kit;
    const found = [];
    for await (const info of await new Svcm(nats).client().info('echo')) found.push(info);
    expect(found).toHaveLength(1);
    expect(found[0]?.metadata?.['contract-digest']).toMatch(/^[0-9a-f]{64}$/);
    expect(found[0]?.endpoints?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['contract', 'say', 'say_solemnly', 'fail', 'dawdle']),
    );
    const reply = await nats.request('ganglion.echo.$contract');
    expect(decode(reply.data)).toMatchObject({
      service: 'echo',
      capabilities: expect.arrayContaining([
        expect.objectContaining({
          operation: 'say.solemnly',
          http: { method: 'POST', path: '/v1/echo/say/solemnly' },
        }),
      ]),
    });
  });

  it('answers on the admin port', async () => {
    const read = async (path: string): Promise<string> => (await fetch(service.adminUrl + path)).text();
    expect(await read('/livez')).toBe('live');
    expect(await read('/readyz')).toBe('ready');
    const metrics = await read('/metrics');
    expect(metrics).toMatch(/ganglion_calls_total\{operation="say",code="ok",service="echo"\} \d+/);
    for (const stage of ['compute', 'ledger'])
      expect(metrics).toMatch(
        new RegExp(`ganglion_stage_duration_seconds_count.*operation="say".*stage="${stage}".* [1-9]`),
      );
  });

  const startLeaving = (): Promise<TestService> => {
    const environment = { ...servers.environment, GANGLION_MAX_IN_FLIGHT: '2' };
    return testService({ name: 'leaving', controllers: [LeavingHandler], environment });
  };

  it('refuses at once what is more than it may have in flight', async () => {
    const leaving = await startLeaving();
    const calls = [1, 2, 3].map(() => leaving.call(leave, { ms: 300 }).catch((error: unknown) => error));
    const ends = await Promise.all(calls);
    await leaving.stop();
    expect(ends.filter((end) => end instanceof ServiceError && end.code === 'overloaded')).toHaveLength(1);
  });

  it('finishes the calls in flight when it stops, and takes no more', async () => {
    const leaving = await startLeaving();
    const inFlight = service.call(leave, { ms: 400 });
    await sleep(50);
    const stopped = leaving.stop();
    expect(await inFlight).toEqual({ stopped: false });
    await stopped;
    expect((await failure(service.call(leave, { ms: 1 }))).code).toBe('unavailable');
  });

  it('tells those whose calls outlast the drain, and stops', async () => {
    const environment = { ...servers.environment, GANGLION_DRAIN_MS: '100' };
    const leaving = await testService({ name: 'leaving', controllers: [LeavingHandler], environment });
    const inFlight = failure(service.call(leave, { ms: 700 }));
    await sleep(50);
    await leaving.stop();
    expect(await inFlight).toMatchObject({ code: 'unavailable', retryAfterMs: 0 });
  });
});
