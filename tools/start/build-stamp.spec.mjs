import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isBuilt, noteBuilt } from './build-stamp.mjs';

describe('isBuilt', () => {
  /** @type {string} */
  let repository;
  const write = async (/** @type {string[]} */ ...path) => {
    const file = join(repository, ...path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, path.join(' '));
  };

  beforeEach(async () => {
    repository = await mkdtemp(join(tmpdir(), 'ganglion-stamp-'));
    await write('apps', 'nlp', 'src', 'main.ts');
    await write('libs', 'tensor', 'src', 'index.ts');
    await write('libs', 'tensor', 'dist', 'index.js');
    await mkdir(join(repository, '.nx'));
  });
  afterEach(() => rm(repository, { recursive: true }));

  it('is false before the first build, and true after it', async () => {
    expect(await isBuilt({ declarations: false }, repository)).toBe(false);
    await noteBuilt({ declarations: false }, repository);
    expect(await isBuilt({ declarations: false }, repository)).toBe(true);
    expect(await isBuilt({ declarations: true }, repository)).toBe(false);
  });

  it('is false when what was noted cannot be read', async () => {
    await write('.nx', 'built.json');
    expect(await isBuilt({ declarations: false }, repository)).toBe(false);
  });

  it('is true without declarations after a build with them', async () => {
    await noteBuilt({ declarations: true }, repository);
    expect(await isBuilt({ declarations: false }, repository)).toBe(true);
  });

  it.each([
    ['a source is added', ['apps', 'nlp', 'src', 'more.ts']],
    ['a package changes', ['libs', 'tensor', 'package.json']],
    ['the compiler changes', ['tools', 'build', 'build.mjs']],
  ])('is false once %s', async (_what, path) => {
    await noteBuilt({ declarations: true }, repository);
    await write(...path);
    expect(await isBuilt({ declarations: false }, repository)).toBe(false);
  });

  it('is false when what was built is gone', async () => {
    await noteBuilt({ declarations: true }, repository);
    await rm(join(repository, 'libs', 'tensor', 'dist'), { recursive: true });
    expect(await isBuilt({ declarations: false }, repository)).toBe(false);
  });
});
