import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { modelManifest } from '@ganglion/contracts/model-manifest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectedFile } from '../../test/archives.js';
import { tinyManifest } from '../../test/tiny-app.js';
import { ModelCache } from './model-cache.js';
import { planPull, servingModels } from './plan-pull.js';

describe('planPull', () => {
  let app: string;
  let cache: ModelCache;
  beforeEach(async () => {
    app = await mkdtemp(join(tmpdir(), 'ganglion-plan-'));
    cache = new ModelCache(app);
  });
  afterEach(() => rm(app, { recursive: true }));

  /** A manifest with the tiny model's files beside it, and one more from this source. */
  async function found(content: string, source: string, change: object = {}) {
    const manifest = await tinyManifest(app);
    const file = { path: 'more.bin', ...expectedFile(content), sources: [source] };
    return {
      manifest: modelManifest.parse({ ...manifest, files: [...manifest.files, file], ...change }),
      folder: join(app, 'models'),
    };
  }
  const plan = (...manifests: Awaited<ReturnType<typeof found>>[]) =>
    planPull(servingModels(manifests, ['Apache-2.0']), cache);

  it('asks for what is not there, each file once, and says how much will come', async () => {
    const archiveBytes = { 'npm:a@1.0.0': 5000 };
    const { files, bytes } = await plan(
      await found('one', 'npm:a@1.0.0#one', { archiveBytes }),
      await found('two', 'npm:a@1.0.0#two'),
      await found('one', 'npm:a@1.0.0#one'),
      await found('three', 'pypi:b==1.0#three'),
    );
    expect(files.map(({ title, bytes: size }) => [title, size])).toEqual([
      ['tiny: more.bin', 3],
      ['tiny: more.bin', 3],
      ['tiny: more.bin', 5],
    ]);
    expect(bytes).toBe(5005);
  });

  it('asks for nothing that was pulled already', async () => {
    await cache.add(
      expectedFile('one'),
      (async function* () {
        yield Buffer.from('one');
      })(),
    );
    expect(await plan(await found('one', 'npm:a@1.0.0#one'))).toMatchObject({ files: [], bytes: 0 });
  });

  it('leaves out what would not serve', async () => {
    const source = 'npm:a@1.0.0#one';
    const unlicensed = await found('one', source, { licence: 'NOASSERTION' });
    const waiting = await found('two', source, { slot: 'testing/tiny' });
    const chosen = await found('three', source, { slot: 'testing/tiny', default: true });
    expect((await plan(unlicensed, waiting, chosen)).files.map(({ bytes }) => bytes)).toEqual([5]);
  });

  it('says that a file beside its manifest is missing, for no pull brings it', async () => {
    await expect(plan(await found('one', 'file:tiny/more.bin'))).rejects.toThrow(
      'tiny: more.bin is missing beside',
    );
  });
});
