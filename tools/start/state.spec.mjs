import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  announceEndpoint,
  bootstrapKey,
  makeStateFolder,
  resetState,
  secrets,
  stateFolder,
  withdrawEndpoint,
} from './state.mjs';

/** @type {string} */
let folder;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-state-'));
  await makeStateFolder(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const modeOf = async (/** @type {string} */ name) => (await stat(join(folder, name))).mode & 0o777;

describe('the state folder', () => {
  it('is .ganglion in the clone, or what GANGLION_HOME says', () => {
    expect(stateFolder({})).toBe(join(import.meta.dirname, '..', '..', '.ganglion'));
    expect(stateFolder({ GANGLION_HOME: '/elsewhere' })).toBe('/elsewhere');
  });

  it('keeps one key, of 32 random bytes, that its owner alone can read', async () => {
    const key = await bootstrapKey(folder);
    expect(key).toMatch(/^gk_live_[\w-]{43}$/);
    expect(await modeOf('key')).toBe(0o600);
    expect(await bootstrapKey(folder)).toBe(key);
  });

  it('closes a key file that somebody opened to others', async () => {
    await bootstrapKey(folder);
    await chmod(join(folder, 'key'), 0o644);
    await bootstrapKey(folder);
    expect(await modeOf('key')).toBe(0o600);
  });

  it('refuses a key file that holds no key', async () => {
    await writeFile(join(folder, 'key'), 'hello');
    await expect(bootstrapKey(folder)).rejects.toThrow(/does not hold a key/);
  });

  it('keeps its secrets, and says when they are damaged', async () => {
    const made = await secrets(folder);
    expect(await modeOf('secrets.json')).toBe(0o600);
    expect(await secrets(folder)).toEqual(made);
    await writeFile(join(folder, 'secrets.json'), '{');
    await expect(secrets(folder)).rejects.toThrow(/--reset/);
  });

  it('says where the API is only until that is withdrawn', async () => {
    await announceEndpoint(folder, { url: 'http://127.0.0.1:1', apiKey: 'gk_live_x' });
    expect(JSON.parse(await readFile(join(folder, 'endpoint.json'), 'utf8'))).toEqual({
      url: 'http://127.0.0.1:1',
      apiKey: 'gk_live_x',
    });
    expect(await modeOf('endpoint.json')).toBe(0o600);
    await withdrawEndpoint(folder);
    expect(await readdir(folder)).not.toContain('endpoint.json');
  });

  it('loses by a reset all that start made, and nothing else', async () => {
    await bootstrapKey(folder);
    await secrets(folder);
    await writeFile(join(folder, 'mine.txt'), 'not yours');
    await resetState(folder);
    expect(await readdir(folder)).toEqual(['mine.txt']);
  });
});
