import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectedFile } from '../../test/archives.js';
import { defaultCacheFolder, ModelCache } from './model-cache.js';

async function* chunksOf(content: string, size = 3): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.length; start += size)
    yield Buffer.from(content.slice(start, start + size));
}

describe('ModelCache', () => {
  let folder: string;
  let cache: ModelCache;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ganglion-cache-'));
    cache = new ModelCache(folder);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('keeps a file under its content', async () => {
    const file = expectedFile('weights');
    expect(await cache.has(file)).toBe(false);
    await cache.add(file, chunksOf('weights'));
    expect(await cache.has(file)).toBe(true);
    expect(await readFile(cache.locate(file), 'utf8')).toBe('weights');
    expect(await readdir(join(folder, 'models'))).toEqual([file.sha256]);
  });

  it('lets several write the same file at once', async () => {
    const content = 'weights'.repeat(1000);
    const file = expectedFile(content);
    await Promise.all(
      Array.from({ length: 8 }, () => new ModelCache(folder).add(file, chunksOf(content, 100))),
    );
    expect(await readFile(cache.locate(file), 'utf8')).toBe(content);
    expect(await readdir(join(folder, 'models'))).toEqual([file.sha256]);
  });

  it.each([
    ['is another', 'w3ights', 'it has the sha256'],
    ['is too short', 'weight', 'it has 6 bytes instead of 7'],
    ['is too long', 'weights and more', 'it has more than the 7 bytes'],
  ])('keeps nothing of a content that %s', async (_, content, message) => {
    await expect(cache.add(expectedFile('weights'), chunksOf(content))).rejects.toThrow(message);
    expect(await readdir(join(folder, 'models'))).toEqual([]);
  });

  it('does not take a file of another length for the one', async () => {
    const file = expectedFile('weights');
    await cache.add(file, chunksOf('weights'));
    await writeFile(cache.locate(file), 'weig');
    expect(await cache.has(file)).toBe(false);
  });
});

describe('defaultCacheFolder', () => {
  it.each([
    ['linux', {}, join(homedir(), '.cache', 'ganglion')],
    ['linux', { XDG_CACHE_HOME: '/caches' }, '/caches/ganglion'],
    ['darwin', {}, join(homedir(), 'Library', 'Caches', 'ganglion')],
    ['win32', { LOCALAPPDATA: '/local' }, '/local/ganglion'],
    ['darwin', { GANGLION_CACHE: '/mine' }, '/mine'],
  ] as const)('on %s with %j', (platform, environment, folder) => {
    expect(defaultCacheFolder(environment, platform)).toBe(folder);
  });
});
