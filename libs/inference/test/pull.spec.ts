import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expectedFile, makeWheel } from './archives.js';
import { tinyManifest, writeManifests } from './tiny-app.js';

const PULL = fileURLToPath(new URL('../dist/hub/pull.js', import.meta.url));

/** The program as it is built: what `npm start` runs. */
describe('pull', () => {
  let root: string;
  let app: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'ganglion-pull-'));
    app = join(root, 'app');
    const index = join(root, 'index');
    await mkdir(index);
    await makeWheel(
      join(index, 'tiny-1.0-py3-none-any.whl'),
      { name: 'tiny', version: '1.0' },
      { 'tiny/w': 'weights' },
    );
    const manifest = await tinyManifest(app);
    const file = { path: 'more.bin', ...expectedFile('weights'), sources: ['pypi:tiny==1.0#tiny/w'] };
    await writeManifests(app, { 'tiny.json': { ...manifest, files: [...manifest.files, file] } });
  });
  afterEach(() => rm(root, { recursive: true }));

  async function pull(args: string[], findLinks = join(root, 'index')) {
    const env = {
      ...process.env,
      GANGLION_CACHE: join(root, 'cache'),
      PIP_NO_INDEX: '1',
      PIP_FIND_LINKS: findLinks,
    };
    const { stdout } = await promisify(execFile)(process.execPath, [PULL, ...args], { env });
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  }

  it('plans, pulls, and needs no package index the second time', async () => {
    const plan = { event: 'plan', files: 1, bytes: 7 };
    expect(await pull([app, '--plan'])).toEqual([plan]);
    const events = await pull([app]);
    expect(events[0]).toEqual(plan);
    expect(events.slice(-2)).toEqual([
      { event: 'progress', doneBytes: 7, bytes: 7, file: 'pypi:tiny==1.0' },
      { event: 'done' },
    ]);
    expect(await pull([app], root)).toEqual([{ event: 'plan', files: 0, bytes: 0 }, { event: 'done' }]);
  });

  it.each([
    ['what the index lacks', () => [app], 'pypi:tiny==1.0: the package index has no such package.\n'],
    ['a flag that it does not know', () => ['--now', app], 'usage: pull.js [--plan] <app folder>...\n'],
    ['no folder', () => [], 'usage: pull.js [--plan] <app folder>...\n'],
  ])('ends with one clear line for %s', async (_, args, stderr) => {
    await expect(pull(args(), root)).rejects.toMatchObject({ code: 1, stderr });
  });
});
