import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineCapability } from '@ganglion/contracts/capability';
import { sentiment } from '@ganglion/contracts/services/nlp/sentiment';
import { z } from 'zod';
import { Ganglion, GanglionError } from '../src/index.js';
import { cutConnection, html, json, MisbehavingServer, silence } from './misbehaving-server.js';

const server = new MisbehavingServer();
let ganglion: Ganglion;

beforeAll(async () => {
  ganglion = new Ganglion({ url: `${await server.listen()}/`, apiKey: 'gk_live_x', timeoutMs: 5_000 });
});

afterAll(() => server.close());

const answer = { id: 'i', model: { id: 'm', version: '1.0.0' }, output: { label: 'positive' }, warnings: [] };
const overloaded = { code: 'overloaded', status: 503, detail: 'Too much.', retryable: true };

const failure = async (call: Promise<unknown>): Promise<GanglionError> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof GanglionError)) throw new Error(`expected a GanglionError, got ${String(error)}`);
  return error;
};

describe('call', () => {
  it('posts the input as JSON with the key, and gives the answer', async () => {
    server.willReply(json(200, answer));
    expect(await ganglion.call('nlp', 'sentiment', { text: 'fine' })).toEqual(answer);
    const [received] = server.received;
    expect(received).toMatchObject({ method: 'POST', url: '/v1/nlp/sentiment', body: '{"text":"fine"}' });
    expect(received?.headers).toMatchObject({
      authorization: 'Bearer gk_live_x',
      'content-type': 'application/json',
      'ganglion-deadline-ms': expect.stringMatching(/^[45]\d{3}$/),
    });
  });

  it('finds operations with parts', async () => {
    server.willReply(json(200, answer));
    await ganglion.call('vision', 'faces.detect', {});
    expect(server.received[0]?.url).toBe('/v1/vision/faces/detect');
  });

  it('sends media as parts beside the other fields', async () => {
    server.willReply(json(200, answer));
    const image = new Blob(['GIF89a'], { type: 'image/gif' });
    await ganglion.call('vision', 'detect', { image, minScore: 0.5 });
    const [received] = server.received;
    expect(received?.headers['content-type']).toMatch(/^multipart\/form-data/);
    expect(received?.body).toMatch(
      /name="input"[^]*\{"minScore":0.5\}[^]*name="image"[^]*image\/gif[^]*GIF89a/,
    );
  });

  it('takes where it goes from a contract', async () => {
    server.willReply(json(200, answer));
    const http = { method: 'POST', path: '/v1/audio/{model}/transcriptions' } as const;
    const transcribe = defineCapability({
      service: 'speech-to-text',
      operation: 'transcribe',
      summary: 'Writes down what is said.',
      input: z.strictObject({ model: z.string(), text: z.string() }),
      output: z.string(),
      http,
    });
    await ganglion.call(transcribe, { model: 'tiny en', text: 'a' });
    expect(server.received[0]).toMatchObject({
      url: '/v1/audio/tiny%20en/transcriptions',
      body: '{"text":"a"}',
    });
    await expect(ganglion.call({ ...transcribe, http: null }, { model: 'm', text: 'a' })).rejects.toThrow(
      'cannot be called over HTTP',
    );
  });

  it('sends many inputs at once', async () => {
    server.willReply(json(200, { results: [answer] }));
    expect(await ganglion.callMany('nlp', 'sentiment', [{ text: 'a' }])).toEqual({ results: [answer] });
    expect(server.received[0]?.body).toBe('{"inputs":[{"text":"a"}]}');
  });
});

describe('request', () => {
  it('sends an input to any path, and gives the reply as it is', async () => {
    server.willReply(json(200, { id: 'a/b' }), json(201, { id: 'c' }));
    expect(await ganglion.request({ method: 'DELETE', path: '/v1/keys/{id}' }, { id: 'a/b' })).toEqual({
      id: 'a/b',
    });
    expect(await ganglion.request({ method: 'POST', path: '/v1/keys' }, { name: 'ci' })).toEqual({ id: 'c' });
    expect(server.received).toMatchObject([
      { method: 'DELETE', url: '/v1/keys/a%2Fb', body: '' },
      { method: 'POST', url: '/v1/keys', body: '{"name":"ci"}' },
    ]);
  });

  it('is repeated after a cut connection where the method is idempotent, or when told so', async () => {
    server.willReply(cutConnection, json(200, {}));
    expect(await ganglion.request({ method: 'GET', path: '/v1/things' })).toEqual({});
    const post = { method: 'POST', path: '/v1/things' };
    server.willReply(cutConnection, json(201, {}));
    expect((await failure(ganglion.request(post))).code).toBe('network');
    server.willReply(cutConnection, json(201, {}));
    expect(await ganglion.request(post, {}, { retrySafe: true })).toEqual({});
  });
});

describe('errors', () => {
  it('carry what the problem says', async () => {
    const errors = [{ pointer: '/text', detail: 'Must be there.' }];
    const problem = { code: 'invalid_input', status: 422, detail: 'No text.', retryable: false, errors };
    server.willReply(json(422, problem, { 'ganglion-request-id': 'r1' }));
    const error = await failure(ganglion.call('nlp', 'sentiment', {}));
    expect(error).toMatchObject({
      code: 'invalid_input',
      status: 422,
      message: 'No text.',
      errors,
      requestId: 'r1',
    });
    expect(server.received).toHaveLength(1);
  });

  it('are told by their status when a proxy answers', async () => {
    server.willReply(html(401));
    expect(await failure(ganglion.services())).toMatchObject({
      code: 'unexpected_response',
      status: 401,
      retryable: false,
    });
  });

  it('say that a success was no JSON', async () => {
    server.willReply(html(200));
    expect((await failure(ganglion.services())).code).toBe('unexpected_response');
  });

  it('say that the connection broke', async () => {
    server.willReply(cutConnection);
    expect(await failure(ganglion.call('nlp', 'sentiment', {}, { maxRetries: 0 }))).toMatchObject({
      code: 'network',
      detail: expect.stringContaining('the connection broke'),
    });
  });

  it('say that nobody is there', async () => {
    const nowhere = new Ganglion({ url: 'http://127.0.0.1:1', apiKey: 'k', maxRetries: 0 });
    expect(await failure(nowhere.services())).toMatchObject({ code: 'network', status: 0, retryable: true });
  });
});

describe('retries', () => {
  it('waits as long as it is told, then has its answer', async () => {
    server.willReply(json(503, overloaded, { 'retry-after': '1' }), json(200, answer));
    const started = Date.now();
    expect(await ganglion.call('nlp', 'sentiment', { text: 'a' })).toEqual(answer);
    expect(Date.now() - started).toBeGreaterThanOrEqual(990);
  });

  it('survives a cut connection and a bad gateway', async () => {
    server.willReply(cutConnection, html(502), json(200, answer));
    expect(await ganglion.call('nlp', 'sentiment', { text: 'a' })).toEqual(answer);
  });

  it('gives up after as many as allowed', async () => {
    server.willReply(json(503, overloaded), json(503, overloaded), json(503, overloaded), json(200, answer));
    expect((await failure(ganglion.call('nlp', 'sentiment', { text: 'a' }))).code).toBe('overloaded');
    expect(server.received).toHaveLength(3);
  });

  it('never goes past the time allowed', async () => {
    server.willReply(json(503, overloaded, { 'retry-after': '60' }));
    const started = Date.now();
    expect((await failure(ganglion.call('nlp', 'sentiment', { text: 'a' }))).code).toBe('overloaded');
    expect(Date.now() - started).toBeLessThan(1_000);
  });

  it('does not repeat what its contract calls unsafe to repeat, once it may have been done', async () => {
    server.willReply(cutConnection, json(200, answer));
    const unsafe = { ...sentiment, retrySafe: false };
    expect((await failure(ganglion.call(unsafe, { text: 'a' }))).code).toBe('network');
    server.willReply(json(503, overloaded), json(200, answer));
    expect(await ganglion.call(unsafe, { text: 'a' })).toEqual(answer);
  });

  it('does not make a second key when the first answer was lost', async () => {
    server.willReply(cutConnection, json(201, {}));
    expect((await failure(ganglion.keys.create({ name: 'ci' }))).code).toBe('network');
    expect(server.received).toHaveLength(1);
  });
});

describe('patience', () => {
  it('ends at the timeout', async () => {
    server.willReply(silence);
    const error = await failure(ganglion.call('nlp', 'sentiment', { text: 'a' }, { timeoutMs: 200 }));
    expect(error).toMatchObject({ code: 'timeout', status: 0, retryable: false });
  });

  it('ends at the timeout when the body never ends', async () => {
    server.willReply((response) => response.writeHead(503, { 'content-type': 'text/html' }).write('<h1>'));
    const error = await failure(ganglion.call('nlp', 'sentiment', { text: 'a' }, { timeoutMs: 200 }));
    expect(error).toMatchObject({ code: 'timeout', status: 0 });
  });

  it("ends with the caller's own signal, and its reason", async () => {
    server.willReply(silence);
    const controller = new AbortController();
    const call = ganglion.call('nlp', 'sentiment', { text: 'a' }, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('changed my mind')), 100);
    await expect(call).rejects.toThrow('changed my mind');
  });
});

describe('keys and predictions', () => {
  it('lists keys over pages', async () => {
    server.willReply(
      json(200, { data: [{ id: 'a' }, { id: 'b' }], hasMore: true }),
      json(200, { data: [{ id: 'c' }], hasMore: false }),
    );
    const ids: string[] = [];
    for await (const { id } of ganglion.keys.list()) ids.push(id);
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(server.received.map(({ url }) => url)).toEqual([
      '/v1/keys?limit=100',
      '/v1/keys?limit=100&after=b',
    ]);
  });

  it('revokes a key by its id', async () => {
    server.willReply(json(200, { id: 'a/b' }));
    await ganglion.keys.revoke('a/b');
    expect(server.received[0]).toMatchObject({ method: 'DELETE', url: '/v1/keys/a%2Fb', body: '' });
  });

  const pending = {
    code: 'prediction_pending',
    status: 404,
    detail: 'Soon.',
    retryable: true,
    retryAfterMs: 20,
  };

  it('waits for a prediction that is on its way, when asked, however often it takes', async () => {
    const replies = Array.from({ length: 4 }, () => json(404, pending));
    server.willReply(...replies, json(200, { id: 'p', review: 'none' }));
    expect(await ganglion.predictions.get('p', { waitUntilRecorded: true })).toMatchObject({ id: 'p' });
  });

  it('says at once that a prediction is on its way, unless told to wait', async () => {
    server.willReply(json(404, pending), json(200, { id: 'p' }));
    expect((await failure(ganglion.predictions.get('p'))).code).toBe('prediction_pending');
  });
});
