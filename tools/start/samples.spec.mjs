import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compare, layOutSamples, readPointer, sendSamples } from './samples.mjs';

describe('compare', () => {
  const answer = { output: { label: 'positive', scores: [0.981, 0.019] } };

  it('lets pass what is within the tolerance', () => {
    const expected = [
      { pointer: '/output/label', value: 'positive' },
      { pointer: '/output/scores/0', value: 0.98, tolerance: 0.01 },
      { pointer: '/output/scores', value: [0.981, 0.019] },
    ];
    expect(compare(answer, expected)).toEqual([]);
  });

  it('says what is not', () => {
    expect(compare(answer, [{ pointer: '/output/scores/0', value: 0.9, tolerance: 0.01 }])).toEqual([
      '/output/scores/0 is 0.981, and should be 0.9 ± 0.01',
    ]);
    expect(compare(answer, [{ pointer: '/output/label', value: 'negative' }])).toHaveLength(1);
    expect(compare({}, [{ pointer: '/output/label', value: 'negative' }])).toHaveLength(1);
  });
});

it('reads JSON pointers with their escapes', () => {
  expect(readPointer({ 'a/b': { '~': 7 } }, '/a~1b/~0')).toBe(7);
  expect(readPointer({ a: 1 }, '')).toEqual({ a: 1 });
});

describe('sendSamples', () => {
  /** @type {string} */
  let folder;
  /** @type {import('node:http').Server} */
  let server;
  let url = '';
  const app = () => ({ name: 'echo', folder, usesDatabase: false });
  const sample = (/** @type {string} */ path, /** @type {unknown} */ value) => ({
    operation: 'say',
    title: `To ${path}`,
    request: { method: 'POST', path, json: { text: 'hello' } },
    show: ['/output/text', '/output/score'],
    expect: [{ pointer: '/output/text', value }],
    reference: 'written by hand',
  });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ganglion-samples-'));
    await mkdir(join(folder, 'samples'));
    server = createServer(async (request, response) => {
      const { text } = JSON.parse(Buffer.concat(await request.toArray()).toString());
      const isKnown = request.url === '/right' && request.headers.authorization === 'Bearer key';
      const output = { text: text.toUpperCase(), score: 0.98765 };
      const body = isKnown
        ? { model: { id: 'm', version: '1.0.0' }, output }
        : { code: 'not_found', detail: 'No such route.' };
      response.writeHead(isKnown ? 200 : 404).end(JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = /** @type {import('node:net').AddressInfo} */ (server.address());
    url = `http://127.0.0.1:${address.port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  it('gives a row for each, with what is wrong', async () => {
    const samples = [sample('/right', 'HELLO'), sample('/right', 'hello'), sample('/wrong', 'HELLO')];
    await Promise.all(
      samples.map((content, i) => writeFile(join(folder, 'samples', `${i}.json`), JSON.stringify(content))),
    );
    const results = await sendSamples([app()], { url, apiKey: 'key', cacheFolder: folder });
    expect(results.map(({ answer, model, problems }) => ({ answer, model, problems }))).toEqual([
      { answer: 'HELLO, 0.988', model: 'm@1.0.0', problems: [] },
      {
        answer: 'HELLO, 0.988',
        model: 'm@1.0.0',
        problems: ['/output/text is "HELLO", and should be "hello"'],
      },
      { answer: 'not_found', model: '-', problems: ['404 not_found: No such route.'] },
    ]);
  });

  it('takes no answer for a wrong one, and no samples for none', async () => {
    const [unreachable] = await sendSamples([app()], {
      url: 'http://127.0.0.1:1',
      apiKey: 'key',
      cacheFolder: folder,
    });
    expect(unreachable?.problems).toHaveLength(1);
    const none = { name: 'control-plane', folder: join(folder, 'nothing'), usesDatabase: true };
    expect(await sendSamples([none], { url, apiKey: 'key', cacheFolder: folder })).toEqual([
      expect.objectContaining({ service: 'control-plane', sample: '-', answer: '-', problems: [] }),
    ]);
  });

  it('lays what they send out for a call by hand', async () => {
    await writeFile(join(folder, 'samples', '0.json'), JSON.stringify(sample('/right', 'HELLO')));
    const places = { folder: join(folder, 'laid'), cacheFolder: folder };
    await layOutSamples([app()], places);
    expect(JSON.parse(await readFile(join(folder, 'laid', 'echo', 'say.json'), 'utf8'))).toEqual({
      text: 'hello',
    });
  });
});
