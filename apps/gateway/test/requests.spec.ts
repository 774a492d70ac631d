import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CORE_ERRORS, type CoreErrorCode, type Problem } from '@ganglion/contracts/errors';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCanteen, type Canteen } from './start-canteen.js';

let stack: Canteen;
beforeAll(async () => {
  stack = await startCanteen();
});
afterAll(() => stack.stop());

const json = { 'content-type': 'application/json' };
const post = (path: string, body: unknown, headers: Record<string, string> = json): Promise<Response> =>
  stack.fetch(path, {
    method: 'POST',
    headers,
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
const problemOf = async (response: Response): Promise<Problem> => {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = (await response.json()) as Problem;
  expect(problem.status).toBe(response.status);
  expect(problem.requestId).toBe(response.headers.get('ganglion-request-id'));
  return problem;
};
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Waits until nothing is left in the blob store: blobs are released once the answer is on its way. */
const blobsAreGone = async (): Promise<void> => {
  const folder = stack.environment['GANGLION_BLOB_DIR'] ?? '';
  const count = async (): Promise<number> => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).length;
  };
  // A folder that goes while it is listed is one more reason to look again.
  for (let tries = 0; (await count().catch(() => 1)) > 0; tries++) {
    if (tries === 50) throw new Error('There are blobs that nobody releases.');
    await sleep(20);
  }
};

const DEEP = '['.repeat(100_000) + ']'.repeat(100_000);

describe('JSON', () => {
  it('is answered with id, model, output, warnings and where the time went', async () => {
    const response = await post('/v1/canteen/order', { dish: 'soup', portions: 2 });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      model: { id: 'cook', version: '1.0.0' },
      output: { plates: ['soup', 'soup'] },
      warnings: [],
    });
    expect(response.headers.get('server-timing')).toMatch(/total;dur=\d/);
    expect(response.headers.get('ganglion-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('takes many at once, and a wrong one fails alone', async () => {
    const inputs = [{ dish: 'soup' }, { dish: '' }, { dish: 'schnitzel' }];
    const response = await post('/v1/canteen/order', { inputs });
    expect(response.status).toBe(200);
    const { results } = (await response.json()) as { results: { output?: unknown; error?: Problem }[] };
    expect(results).toHaveLength(3);
    expect(results[0]?.output).toEqual({ plates: ['soup'] });
    expect(results[1]?.error).toMatchObject({
      code: 'invalid_input',
      errors: [{ pointer: '/inputs/1/dish' }],
    });
    expect(results[2]?.error).toMatchObject({ code: 'canteen.sold_out', status: 409 });
  });

  it('takes bodies above the inline limit, both ways, and leaves nothing behind', async () => {
    const dish = 'a'.repeat(900_000);
    const response = await post('/v1/canteen/order', { dish, portions: 2 });
    const { output } = (await response.json()) as { output: { plates: string[] } };
    expect(output.plates).toEqual([dish, dish]);
    await blobsAreGone();
  });

  it('fills fields from path and query string, by their types', async () => {
    const response = await stack.fetch('/v1/menus/s%C3%A1bado?courses=3&vegan=true');
    expect(await response.json()).toEqual({ day: 'sábado', courses: 3, vegan: true });
    const wrong = await problemOf(await stack.fetch('/v1/menus/today?courses=many&vegam=true'));
    expect(wrong.errors).toEqual([
      { pointer: '/vegam', detail: 'is no option here; did you mean "vegan"?' },
      { pointer: '/courses', detail: 'must be integer' },
    ]);
  });

  it.each<[name: string, code: CoreErrorCode, hint: string, body: string | Buffer]>([
    ['an end too early', 'malformed_request', 'it ends too early, at line 1, column 9', '{"dish":'],
    ['broken JSON', 'malformed_request', 'line 1, column 10', '{"dish": tru}'],
    ['half a surrogate pair', 'invalid_encoding', 'surrogate', '{"dish":"\\ud800"}'],
    ['what is no UTF-8', 'invalid_encoding', 'UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['1e999', 'invalid_input', 'finite', '{"dish":"soup","price":1e999}'],
    ['a misspelt option', 'unknown_option', 'did you mean "portions"?', '{"dish":"soup","portion":2}'],
    ['a prototype', 'malformed_request', '__proto__', '{"dish":"soup","__proto__":{}}'],
    ['a list', 'invalid_input', 'must be object', '[]'],
    ['an empty object', 'invalid_input', '/dish is missing', '{}'],
    ['too many inputs', 'too_many_items', 'at most 3', '{"inputs":[{},{},{},{}]}'],
    ['no inputs', 'invalid_input', 'at least one', '{"inputs":[]}'],
    ['deep nesting', 'malformed_request', 'deeply', `{"dish":"soup","extras":{"a":${DEEP}}}`],
  ])('refuses %s: %s', async (_name, code, hint, body) => {
    const problem = await problemOf(await post('/v1/canteen/order', body));
    const { status } = CORE_ERRORS[code];
    expect(problem).toMatchObject({ status, code, type: `/errors/${code}` });
    expect(problem.detail).toContain(hint);
  });

  it('refuses other media types, and says what it takes', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'a b',
      'application/json; charset=latin1',
    ]) {
      const response = await post('/v1/canteen/order', '{"dish":"soup"}', { 'content-type': type });
      expect(await problemOf(response)).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    }
  });
});

describe('media', () => {
  const small = randomBytes(2_000);
  const large = randomBytes(2_500_000);

  it('comes as base64 in JSON', async () => {
    const picture = { base64: small.toString('base64'), type: 'image/png' };
    const response = await post('/v1/canteen/trays/weigh', { picture, table: 4 });
    expect(await response.json()).toEqual({
      bytes: 2_000,
      sha256: sha256(small),
      type: 'image/png',
      table: 4,
    });
  });

  it.each([
    ['small', small],
    ['large', large],
  ])('comes as a raw body: %s', async (_name, bytes) => {
    const response = await post('/v1/canteen/trays/weigh?table=7', bytes, { 'content-type': 'image/jpeg' });
    const expected = { bytes: bytes.length, sha256: sha256(bytes), type: 'image/jpeg', table: 7 };
    expect(await response.json()).toEqual(expected);
    await blobsAreGone();
  });

  it.each([
    ['small', small],
    ['large', large],
  ])('comes as a part of a form: %s', async (_name, bytes) => {
    for (const other of [{ table: '7' }, { input: '{"table":7}' }]) {
      const form = new FormData();
      for (const [name, value] of Object.entries(other)) form.append(name, value);
      form.append('picture', new Blob([bytes], { type: 'image/png' }), 'tray.png');
      const response = await stack.fetch('/v1/canteen/trays/weigh', { method: 'POST', body: form });
      expect(await response.json()).toMatchObject({ sha256: sha256(bytes), type: 'image/png', table: 7 });
    }
    await blobsAreGone();
  });

  it('may be bytes of a type that the sender does not know', async () => {
    const weigh = '/v1/canteen/trays/weigh';
    const raw = await post(`${weigh}?table=7`, small, { 'content-type': 'application/octet-stream' });
    expect(await raw.json()).toMatchObject({ sha256: sha256(small), type: 'application/octet-stream' });
    const form = new FormData();
    form.append('table', '7');
    form.append('picture', new Blob([small]), 'tray');
    const parts = await stack.fetch(weigh, { method: 'POST', body: form });
    expect(await parts.json()).toMatchObject({ sha256: sha256(small), type: 'application/octet-stream' });
  });

  it('is held to its types and size, whichever way it comes', async () => {
    const weigh = '/v1/canteen/trays/weigh';
    const tooLarge = randomBytes(3_000_001);
    const form = new FormData();
    form.append('picture', new Blob([tooLarge], { type: 'image/png' }), 'tray.png');
    const answers = await Promise.all([
      post(weigh, small, { 'content-type': 'image/gif' }),
      post(weigh, { picture: { base64: 'AAAA', type: 'image/gif' } }),
      post(weigh, tooLarge, { 'content-type': 'image/png' }),
      stack.fetch(weigh, { method: 'POST', body: form }),
      post(weigh, { picture: { base64: tooLarge.toString('base64'), type: 'image/png' } }),
      post(weigh, { picture: { base64: '%%%', type: 'image/png' } }),
      post(weigh, { picture: { type: 'image/png', ref: { sha256: 'a'.repeat(64), bytes: 1, lease: 'x' } } }),
    ]);
    const codes = await Promise.all(answers.map(async (answer) => (await problemOf(answer)).code));
    const [type, size, shape] = ['unsupported_media_type', 'payload_too_large', 'invalid_input'];
    expect(codes).toEqual([type, type, size, size, size, shape, shape]);
    await blobsAreGone();
  });

  it('is refused in a form that is none', async () => {
    const noBoundary = await post('/v1/canteen/trays/weigh', 'x', { 'content-type': 'multipart/form-data' });
    expect((await problemOf(noBoundary)).code).toBe('malformed_request');
    const cutShort =
      '--b\r\nContent-Disposition: form-data; name="picture"; filename="a.png"\r\nContent-Type: image/png\r\n\r\nabc';
    const type = { 'content-type': 'multipart/form-data; boundary=b' };
    expect((await problemOf(await post('/v1/canteen/trays/weigh', cutShort, type))).code).toBe(
      'malformed_request',
    );
  });
});

describe('routes', () => {
  it('names what is near an unknown path', async () => {
    const problem = await problemOf(await post('/v1/canteen/ordre', {}));
    expect(problem).toMatchObject({ status: 404, code: 'unknown_operation' });
    expect(problem.detail).toContain('/v1/canteen/order');
  });

  it('names the methods that a path takes', async () => {
    const response = await stack.fetch('/v1/canteen/order');
    expect(response.headers.get('allow')).toBe('POST');
    expect(await problemOf(response)).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect((await post('/healthz', {})).headers.get('allow')).toBe('GET');
  });

  it('answers broken paths with a problem', async () => {
    expect((await problemOf(await stack.fetch('/v1/menus/%zz'))).code).toBe('malformed_request');
  });

  it('keeps a request id that is hard to guess, and makes one otherwise', async () => {
    const id = 'a-request-id-of-the-client';
    const kept = await stack.fetch('/v1/menus/today', { headers: { 'x-request-id': id } });
    expect(kept.headers.get('ganglion-request-id')).toBe(id);
    const made = await stack.fetch('/v1/menus/today', { headers: { 'x-request-id': 'x.*' } });
    expect(made.headers.get('ganglion-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
