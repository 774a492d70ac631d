import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expectedFile, makeWheel } from './archives.js';
import { FileHub, REVISION } from './file-hub.js';
import { tinyManifest, writeManifests } from './tiny-app.js';

const PROGRAM = fileURLToPath(new URL('../dist/commands/main.js', import.meta.url));

/** The program as it is built: what `npm start` and `ganglion models` run. */
describe('models', () => {
  let root: string;
  let app: string;
  const sample = { ...expectedFile('picture'), source: 'npm:pictures@1.0.0#cat.png', type: 'image/png' };
  const more = { path: 'more.bin', ...expectedFile('weights'), sources: ['pypi:tiny==1.0#tiny/w'] };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'ganglion-models-'));
    app = join(root, 'app');
    const index = join(root, 'index');
    await mkdir(index);
    const name = { name: 'tiny', version: '1.0' };
    await makeWheel(join(index, 'tiny-1.0-py3-none-any.whl'), name, { 'tiny/w': 'weights' });
    await writeApp(more);
    await mkdir(join(app, 'samples'));
    const request = { method: 'POST', path: '/v1/tiny', file: sample };
    await writeFile(join(app, 'samples', 'cat.json'), JSON.stringify({ request }));
  });
  afterEach(() => rm(root, { recursive: true }));

  async function writeApp(file: object, change: object = {}) {
    const manifest = await tinyManifest(app);
    await writeManifests(app, { 'tiny.json': { ...manifest, files: [...manifest.files, file], ...change } });
  }

  const start = (args: readonly string[], environment: object = {}) =>
    spawn(process.execPath, [PROGRAM, ...args], {
      env: {
        ...process.env,
        GANGLION_CACHE: join(root, 'cache'),
        GANGLION_DEVICE: 'cpu',
        PIP_NO_INDEX: '1',
        PIP_FIND_LINKS: join(root, 'index'),
        ...environment,
      },
    });

  async function models(args: readonly string[], environment: object = {}) {
    const child = start(args, environment);
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => (output.stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (output.stderr += String(chunk)));
    const [code] = (await once(child, 'close')) as [number | null];
    const lines = output.stdout.split('\n').filter((line) => line.startsWith('{'));
    return { code, ...output, events: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
  }
  const cached = (name: string) => join(root, 'cache', 'models', name);
  const of = () => `--folder=${app}`;
  const stateOf = async (environment = {}) =>
    (await models(['list', of()], environment)).events[0]?.['state'];

  it('plans, pulls, and needs no network the second time', async () => {
    const plan = { event: 'plan', files: 1, bytes: 7 };
    expect((await models(['pull', of(), '--dry-run'])).events).toEqual([plan]);
    const { events, code } = await models(['pull', of()]);
    expect(code).toBe(0);
    expect(events[0]).toEqual(plan);
    expect(events.slice(-2)).toEqual([
      { event: 'progress', doneBytes: 7, bytes: 7, file: 'pypi:tiny==1.0' },
      { event: 'done' },
    ]);
    expect((await models(['pull', of()], { GANGLION_OFFLINE: '1' })).events).toEqual([
      { event: 'plan', files: 0, bytes: 0 },
      { event: 'done' },
    ]);
  });

  it.each([
    ['an option that it does not know', ['pull', '--now'], 2, "Unknown option '--now'"],
    ['a command that it does not know', ['fetch'], 2, 'There is no "models fetch", only list, show'],
    ['an option of another command', ['list', '--from', 'x'], 2, 'models list takes no --from.'],
    ['a folder that is not there', ['list', '--folder=/nowhere'], 2, 'There is no folder /nowhere.'],
    ['a model that it does not know', ['show', 'huge'], 2, 'There is no model "huge"; known are:'],
    ['a bundle without a name', ['bundle'], 2, 'models bundle needs -o <file>.'],
    ['a bundle in no folder', ['bundle', '-o', '/nowhere/x.tar'], 2, 'There is no folder /nowhere.'],
  ])('ends with one clear line for %s', async (_, args, code, message) => {
    const ended = await models(args);
    expect(ended).toMatchObject({ code, stderr: expect.stringContaining(message) });
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('says what is missing: offline, at the index, by its licence', async () => {
    expect(await models(['pull', of()], { GANGLION_OFFLINE: '1' })).toMatchObject({
      code: 1,
      stderr:
        'GANGLION_OFFLINE is set, and 0.0 MB are not in the cache: tiny: more.bin. "ganglion models pull --from <bundle>" brings them.\n',
    });
    expect(await models(['pull', of()], { PIP_FIND_LINKS: root })).toMatchObject({
      code: 1,
      stderr: 'pypi:tiny==1.0: the package index has no such package.\n',
    });
    expect(await models(['pull', 'tiny', of()], { GANGLION_LICENCES: 'MIT' })).toMatchObject({
      code: 1,
      stderr: 'The licence of tiny is Apache-2.0, which GANGLION_LICENCES does not list.\n',
    });
  });

  it('lists and shows', async () => {
    expect(await stateOf()).toBe('missing');
    expect(await stateOf({ GANGLION_LICENCES: 'MIT' })).toBe('licence refused');
    await models(['pull', of()]);
    expect(await stateOf()).toBe('cached');
    const { events } = await models(['show', 'tiny@1.0.0', of()]);
    expect(events).toMatchObject([
      { id: 'tiny', card: { summary: 'y = x W + b' }, probes: 1, state: 'cached' },
    ]);
  });

  it('finds what was changed on the disk, deletes it, and pulls it again', async () => {
    await models(['pull', of()]);
    expect(await models(['verify', of()])).toMatchObject({
      code: 0,
      events: [
        { files: 1, damaged: 0 },
        { model: 'tiny@1.0.0', isWell: true, state: 'proved by 1 probe, loads on cpu' },
      ],
    });
    await writeFile(cached(more.sha256), 'WEIGHTS');
    const { code, events } = await models(['verify', 'tiny', of()]);
    expect(code).toBe(1);
    expect(events).toMatchObject([
      { isWell: false, state: expect.stringContaining('it has the sha256') },
      { files: 1, damaged: 1 },
      { isWell: false, state: 'missing' },
    ]);
    await models(['pull', of()]);
    expect(await readFile(cached(more.sha256), 'utf8')).toBe('weights');
  });

  it('says which probe a model fails', async () => {
    await models(['pull', of()]);
    const [probe] = (await tinyManifest(app)).probes;
    const y = { ...probe!.outputs.y, data: [0, 0, 0] };
    await writeApp(more, { probes: [{ ...probe, outputs: { y } }] });
    const { code, events } = await models(['verify', of()]);
    expect(code).toBe(1);
    expect(events.at(-1)?.['state']).toContain('probe "one row": "y" is');
  });

  it('deletes what nobody refers to, and nothing else', async () => {
    await models(['pull', of()]);
    const old = [
      cached('f'.repeat(64)),
      cached('.unfinished'),
      join(root, 'cache', 'downloads', 'package-x'),
    ];
    for (const path of [...old, cached(sample.sha256), cached('.being-written')]) await writeFile(path, 'x');
    const longAgo = new Date(Date.now() - 25 * 60 * 60 * 1_000);
    for (const path of old) await utimes(path, longAgo, longAgo);

    const trial = await models(['prune', '--dry-run', of()]);
    expect(
      trial.events
        .slice(0, -1)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(old.sort());
    expect(trial.events.at(-1)).toMatchObject({ count: 3, deleted: false });
    expect(await readdir(join(root, 'cache', 'models'))).toHaveLength(5);
    await models(['prune', of()]);
    expect((await readdir(join(root, 'cache', 'models'))).sort()).toEqual(
      ['.being-written', more.sha256, sample.sha256].sort(),
    );
    await mkdir(join(root, 'empty'));
    expect(await models(['prune', `--folder=${join(root, 'empty')}`])).toMatchObject({ code: 1 });
  });

  it('carries models to a machine without a network', async () => {
    await models(['pull', of()]);
    await writeFile(cached(sample.sha256), 'picture');
    const [one, two] = [join(root, 'one.tar'), join(root, 'two.tar')];
    expect(await models(['bundle', '-o', one, of()])).toMatchObject({ code: 0, events: [{ files: 4 }] });
    await models(['bundle', '-o', two, of()]);
    expect((await readFile(one)).equals(await readFile(two))).toBe(true);

    const elsewhere = { GANGLION_CACHE: join(root, 'elsewhere'), GANGLION_OFFLINE: '1' };
    expect(await models(['pull', '--from', one, of()], elsewhere)).toMatchObject({ code: 0, stderr: '' });
    expect((await readdir(join(root, 'elsewhere', 'models'))).sort()).toEqual(
      [more.sha256, sample.sha256].sort(),
    );
    expect(await models(['verify', 'tiny', of()], elsewhere)).toMatchObject({ code: 0 });
    await writeApp({ ...more, ...expectedFile('newer') });
    expect(await models(['pull', '--from', one, of()], elsewhere)).toMatchObject({
      code: 1,
      stderr: `${one} does not hold tiny: more.bin.\n`,
    });
  });

  it("finds a user's own model, beside those of the apps", async () => {
    const own = join(root, 'own');
    await mkdir(join(own, 'tiny'), { recursive: true });
    const manifest = { ...(await tinyManifest(app)), id: 'mine', probes: [], unverified: true };
    for (const { path } of manifest.files)
      await copyFile(join(app, 'models', 'tiny', path), join(own, 'tiny', path));
    await writeFile(join(own, 'mine.json'), JSON.stringify(manifest));
    const environment = { GANGLION_MODELS: own };
    expect((await models(['list', of()], environment)).events.map(({ id, state }) => [id, state])).toEqual([
      ['tiny', 'missing'],
      ['mine', 'cached'],
    ]);
    const { code, events } = await models(['verify', 'mine', of()], environment);
    expect(code).toBe(0);
    expect(events.at(-1)).toMatchObject({ state: 'unverified: it has no probe, loads on cpu' });
    expect((await models(['list', of()], { GANGLION_MODELS: '/nowhere' })).stderr).toBe(
      "GANGLION_MODELS names /nowhere, which can't be read (ENOENT).\n",
    );
  });

  it.each(['SIGKILL', 'SIGINT'] as const)('goes on where a pull was ended by %s', async (signal) => {
    const content = Uint8Array.from({ length: 200_000 }, (_, index) => index % 253);
    const hub = await FileHub.start({ 'me/tiny/w.bin': content });
    try {
      const file = { ...expectedFile(content), sources: [`hf:me/tiny@${REVISION}#w.bin`] };
      await writeApp({ path: 'w.bin', ...file });
      hub.faults.push({ kind: 'drip', bytes: 100_000 });
      const environment = { HF_ENDPOINT: hub.url };
      const child = start(['pull', of()], environment);
      const ended = once(child, 'close');
      for await (const chunk of child.stdout) if (String(chunk).includes('"progress"')) break;
      await sleep(200);
      child.kill(signal);
      await ended;
      expect(await readdir(join(root, 'cache', 'models')).catch(() => [])).toEqual([]);

      expect(await models(['pull', of()], environment)).toMatchObject({ code: 0 });
      expect(hub.asked.at(-1)?.range).toMatch(/^bytes=[1-9]\d*-$/);
      expect((await readFile(cached(file.sha256))).equals(content)).toBe(true);
      expect(await readdir(join(root, 'cache', 'downloads'))).toEqual([]);
    } finally {
      await hub.close();
    }
  });

  it('lets two pull at once', async () => {
    const ended = await Promise.all([models(['pull', of()]), models(['pull', of()])]);
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    expect(await readdir(join(root, 'cache', 'models'))).toEqual([more.sha256]);
  });
});
