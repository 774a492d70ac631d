import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectedFile } from '../../test/archives.js';
import { locateFile } from './locate-file.js';
import { ModelCache } from './model-cache.js';

describe('locateFile', () => {
  let root: string;
  let folder: string;
  let cache: ModelCache;
  const locate = (...sources: string[]) =>
    locateFile({ path: 'model.onnx', ...expectedFile('graph'), sources }, folder, cache);

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'ganglion-locate-'));
    folder = join(root, 'models');
    cache = new ModelCache(join(root, 'cache'));
    await mkdir(join(folder, 'tiny'), { recursive: true });
    await writeFile(join(folder, 'tiny', 'model.onnx'), 'graph');
    await writeFile(join(root, 'outside.onnx'), 'graph');
  });
  afterEach(() => rm(root, { recursive: true }));

  it('finds a file beside its manifest', async () => {
    expect(await locate('file:tiny/model.onnx')).toBe(join(folder, 'tiny', 'model.onnx'));
    expect(await locate('file:tiny/other.onnx')).toBeNull();
    expect(await locate('file:tiny')).toBeNull();
  });

  it('finds a file that was pulled, whatever it came from', async () => {
    expect(await locate('npm:tiny@1.0.0#model.onnx')).toBeNull();
    await cache.add(
      expectedFile('graph'),
      (async function* () {
        yield Buffer.from('graph');
      })(),
    );
    expect(await locate('file:gone.onnx', 'npm:tiny@1.0.0#model.onnx')).toBe(
      cache.locate(expectedFile('graph')),
    );
  });

  it('refuses names and links that leave the folder', async () => {
    await symlink(join(root, 'outside.onnx'), join(folder, 'link.onnx'));
    await symlink(root, join(folder, 'up'));
    for (const path of ['../outside.onnx', join(root, 'outside.onnx'), 'link.onnx', 'up/outside.onnx', '.']) {
      await expect(locate(`file:${path}`)).rejects.toThrow('lies outside of');
    }
  });
});
