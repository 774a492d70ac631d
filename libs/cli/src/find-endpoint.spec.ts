import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findEndpoint } from './find-endpoint.js';

const ANNOUNCED = { url: 'http://127.0.0.1:8080', apiKey: 'gk_live_announced' };
let clone: string;
let below: string;

beforeAll(async () => {
  clone = await mkdtemp(join(tmpdir(), 'ganglion-cli-'));
  below = join(clone, 'a', 'b');
  await mkdir(below, { recursive: true });
  await mkdir(join(clone, '.ganglion'));
  await writeFile(join(clone, '.ganglion', 'endpoint.json'), JSON.stringify(ANNOUNCED));
  await writeFile(join(clone, 'endpoint.json'), '{"url":"http://other.test","apiKey":"gk_live_home"}');
  await writeFile(join(clone, 'a', 'endpoint.json'), 'null');
});
afterAll(() => rm(clone, { recursive: true }));

const find = (given: { url?: string; key?: string } = {}, env: Record<string, string> = {}) =>
  findEndpoint(given, { env, folder: below });

describe('findEndpoint', () => {
  it('takes flags before the environment, and that before what is announced above', async () => {
    const env = { GANGLION_URL: 'http://env.test', GANGLION_API_KEY: 'gk_live_env\n' };
    expect(await find()).toEqual({ url: 'http://127.0.0.1:8080/', apiKey: 'gk_live_announced' });
    expect(await find({}, env)).toEqual({ url: 'http://env.test/', apiKey: 'gk_live_env' });
    expect(await find({ url: 'https://flag.test', key: 'gk_live_flag' }, env)).toEqual({
      url: 'https://flag.test/',
      apiKey: 'gk_live_flag',
    });
  });

  it('looks into GANGLION_HOME alone when it is set', async () => {
    expect((await find({}, { GANGLION_HOME: clone })).url).toBe('http://other.test/');
    await expect(find({}, { GANGLION_HOME: below })).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('no server is known here'),
    });
  });

  it('never sends an announced key to another address', async () => {
    expect((await find({ url: 'http://127.0.0.1:8080/' })).apiKey).toBe('gk_live_announced');
    await expect(find({ url: 'http://127.0.0.1:8081' })).rejects.toMatchObject({
      exitCode: 4,
      message: 'no API key for http://127.0.0.1:8081 is known here: give --key, or set GANGLION_API_KEY.',
    });
  });

  it.each([
    [{ url: 'localhost:8080', key: 'k' }, {}, 2, 'is no address: write it as http://127.0.0.1:8080.'],
    [{ key: 'gk_live_ä' }, {}, 4, 'the API key holds signs that no key has.'],
    [{}, { GANGLION_HOME: '..' }, 2, 'is damaged'],
  ])('refuses %j, %j', async (given, env, exitCode, message) => {
    await expect(find(given, env)).rejects.toMatchObject({
      exitCode,
      message: expect.stringContaining(message),
    });
  });
});
