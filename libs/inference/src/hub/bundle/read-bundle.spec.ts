import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack, type Headers } from 'tar-stream';
import { expectedFile } from '../../../test/archives.js';
import { ModelCache } from '../model-cache.js';
import { readBundle } from './read-bundle.js';

const WEIGHTS = 'weights'.repeat(1_000);
const file = expectedFile(WEIGHTS);
const NAME = `models/${file.sha256}`;

describe('readBundle', () => {
  let root: string;
  let cache: ModelCache;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'ganglion-bundle-'));
    cache = new ModelCache(join(root, 'cache'));
  });
  afterEach(() => rm(root, { recursive: true }));

  /** A bundle whose checksums list what is in it, unless told otherwise. */
  async function bundle(contents: Record<string, string>, extra: Headers[] = [], listed?: string[]) {
    const tar = pack();
    const names = listed ?? [...Object.keys(contents), ...extra.map(({ name }) => name)];
    const sum = (name: string) =>
      createHash('sha256')
        .update(contents[name] ?? '')
        .digest('hex');
    tar.entry({ name: 'SHA256SUMS' }, names.map((name) => `${sum(name)}  ${name}\n`).join(''));
    for (const [name, content] of Object.entries(contents)) tar.entry({ name }, content);
    for (const header of extra) tar.entry(header);
    tar.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of tar) chunks.push(chunk as Buffer);
    const path = join(root, 'bundle.tar');
    await writeFile(path, Buffer.concat(chunks));
    return path;
  }
  const read = (path: string) => readBundle(path, new Map([[file.sha256, file]]), cache);
  const cached = () => readdir(cache.folder).catch(() => []);

  it('takes what is wanted, and passes over the rest', async () => {
    const other = expectedFile('other');
    const path = await bundle({
      'licences/tiny@1.0.0.txt': 'Apache-2.0',
      'manifests/tiny@1.0.0.json': '{}',
      [`models/${other.sha256}`]: 'other',
      [NAME]: WEIGHTS,
    });
    expect(await read(path)).toBe(1);
    expect(await cached()).toEqual([file.sha256]);
    expect(await readFile(cache.locate(file), 'utf8')).toBe(WEIGHTS);
  });

  it.each([
    ['that climbs', '../../etc/cron.d/job'],
    ['that climbs from within', 'models/../../job'],
    ['that is absolute', '/etc/cron.d/job'],
    ['of no file of a model', 'models/weights.bin'],
    ['that is a folder above', 'manifests/..'],
  ])('refuses a name %s', async (_, name) => {
    const path = await bundle({ [name]: 'x' });
    await expect(read(path)).rejects.toThrow(`is no whole bundle of models: it holds the file "${name}".`);
    expect(await cached()).toEqual([]);
  });

  it.each(['symlink', 'link', 'directory', 'character-device'] as const)('refuses a %s', async (type) => {
    const path = await bundle({}, [{ name: NAME, type, linkname: '/etc/passwd' }]);
    await expect(read(path)).rejects.toThrow(`it holds the ${type} "${NAME}"`);
    expect(await cached()).toEqual([]);
  });

  it('keeps nothing of a content that is another', async () => {
    await expect(read(await bundle({ [NAME]: WEIGHTS.toUpperCase() }))).rejects.toThrow('it has the sha256');
    await expect(read(await bundle({ [NAME]: `${WEIGHTS}s` }))).rejects.toThrow('it has more than the');
    expect(await cached()).toEqual([]);
  });

  it('says that it ends early, wherever that is', async () => {
    const path = await bundle({ 'manifests/tiny@1.0.0.json': '{}', [NAME]: WEIGHTS });
    const whole = await readFile(path);
    for (const end of [0, 100, 512, 1_024, 2_000, 3_000, 5_000]) {
      await writeFile(path, whole.subarray(0, end));
      await expect(read(path)).rejects.toThrow('is no whole bundle of models');
    }
    expect(await cached()).toEqual([]);
  });

  it('says that it lacks what it lists, or lists not what it holds', async () => {
    await expect(read(await bundle({}, [], [NAME]))).rejects.toThrow(`it lacks ${NAME}`);
    await expect(read(await bundle({ [NAME]: WEIGHTS }, [], []))).rejects.toThrow('does not list');
  });

  it('says that it is no bundle, or not there', async () => {
    const path = join(root, 'page.html');
    await writeFile(path, '<html>'.repeat(1_000));
    await expect(read(path)).rejects.toThrow('is no whole bundle of models');
    await expect(read(join(root, 'gone.tar'))).rejects.toThrow(`There is no ${join(root, 'gone.tar')}.`);
    await expect(read(root)).rejects.toThrow('is no whole bundle of models');
  });

  it('says that it may not write', async () => {
    await writeFile(join(root, 'cache'), 'no folder');
    await expect(read(await bundle({ [NAME]: WEIGHTS }))).rejects.toThrow("can't be written to");
  });
});
