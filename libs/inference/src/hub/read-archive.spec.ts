import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTarball, makeWheel } from '../../test/archives.js';
import { readArchive } from './read-archive.js';

const files = { 'model/a.bin': 'aaa', 'model/b.bin': 'bb', 'other.bin': 'c' };

describe('readArchive', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ganglion-archive-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function read(
    kind: 'npm' | 'pypi',
    location: string,
    wanted: string[],
  ): Promise<Record<string, string>> {
    const contents: Record<string, string> = {};
    await readArchive({ kind, location }, new Set(wanted), async (path, chunks) => {
      contents[path] = '';
      for await (const chunk of chunks) contents[path] += Buffer.from(chunk).toString();
    });
    return contents;
  }

  async function tarball(...args: Parameters<typeof makeTarball>): Promise<string> {
    const location = join(folder, 'package.tgz');
    await writeFile(location, await makeTarball(...args));
    return location;
  }

  it('reads the wanted files of a tarball', async () => {
    const wanted = ['model/a.bin', 'other.bin', 'missing.bin'];
    expect(await read('npm', await tarball(files), wanted)).toEqual({
      'model/a.bin': 'aaa',
      'other.bin': 'c',
    });
  });

  it('reads the wanted files of a wheel', async () => {
    const location = join(folder, 'tiny.whl');
    await makeWheel(location, { name: 'tiny', version: '1.0' }, files);
    expect(await read('pypi', location, ['model/b.bin', 'missing.bin'])).toEqual({ 'model/b.bin': 'bb' });
  });

  it('takes no link for a file', async () => {
    const links = [
      { name: 'package/a', type: 'symlink', linkname: '/etc/hostname' },
      { name: 'package/b', type: 'link', linkname: '/etc/hostname' },
    ] as const;
    expect(await read('npm', await tarball({}, links), ['a', 'b'])).toEqual({});
  });

  it('fails on an archive that is cut short', async () => {
    const location = await tarball({ 'model/a.bin': 'a'.repeat(100_000) });
    const whole = await readFile(location);
    await writeFile(location, whole.subarray(0, whole.length / 2));
    await expect(read('npm', location, ['model/a.bin'])).rejects.toThrow('unexpected end of file');

    const wheel = join(folder, 'tiny.whl');
    await makeWheel(wheel, { name: 'tiny', version: '1.0' }, files);
    await writeFile(wheel, (await readFile(wheel)).subarray(0, 100));
    await expect(read('pypi', wheel, ['other.bin'])).rejects.toThrow('End of central directory');
  });

  it('fails on an archive that is none', async () => {
    const location = join(folder, 'page.html');
    await writeFile(location, '<html>Log in to this network</html>');
    await expect(read('npm', location, ['a'])).rejects.toThrow('incorrect header check');
    await expect(read('pypi', location, ['a'])).rejects.toThrow('End of central directory');
  });

  it('passes an error of the taker on', async () => {
    const taking = readArchive(
      { kind: 'npm', location: await tarball(files) },
      new Set(['other.bin']),
      async () => {
        throw new Error('disk full');
      },
    );
    await expect(taking).rejects.toThrow('disk full');
  });
});
