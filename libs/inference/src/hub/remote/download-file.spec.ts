import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectedFile } from '../../../test/archives.js';
import { FileHub, etagOf, REVISION, type Fault } from '../../../test/file-hub.js';
import { readHubSettings } from '../hub-settings.js';
import { ModelCache } from '../model-cache.js';
import { pullFiles } from '../pull-files.js';
import { parseSource, type RemoteSource } from '../source.js';
import { downloadFile } from './download-file.js';

const CONTENT = Uint8Array.from({ length: 300_000 }, (_, index) => (index * index) % 251);
const NAME = 'owner/model/onnx/model file.onnx';
const SOURCE = `hf:owner/model@${REVISION}#onnx/model file.onnx`;

describe('downloadFile', () => {
  let root: string;
  let cache: ModelCache;
  let hub: FileHub;
  const file = expectedFile(CONTENT);

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'ganglion-remote-'));
    cache = new ModelCache(root);
    hub = await FileHub.start({ [NAME]: CONTENT });
  });
  afterEach(async () => {
    await hub.close();
    await rm(root, { recursive: true });
  });

  const settings = (environment: object = {}) => readHubSettings({ HF_ENDPOINT: hub.url, ...environment });
  const download = (text = SOURCE, expected = file, environment = {}) =>
    downloadFile(parseSource(text) as RemoteSource, expected, {
      cache,
      downloadFolder: join(root, 'downloads'),
      access: settings(environment),
      stallMs: 500,
    });
  /** As a user does: with what is tried again. */
  const pull = (...sources: string[]) =>
    pullFiles(
      {
        files: [
          { ...file, title: 'a model', sources: sources.map((text) => parseSource(text) as RemoteSource) },
        ],
        archiveBytes: new Map(),
        bytes: file.bytes,
      },
      { cache, downloadFolder: join(root, 'downloads'), settings: settings(), pauseMs: 1, stallMs: 500 },
    );
  const isCached = async () => (await readFile(cache.locate(file))).equals(CONTENT);
  const leftovers = () => readdir(join(root, 'downloads'));

  it('follows the hub to its storage', async () => {
    await download();
    expect(await isCached()).toBe(true);
    expect(hub.asked.map(({ server, url }) => [server, url])).toEqual([
      ['hub', `/owner/model/resolve/${REVISION}/onnx/model%20file.onnx`],
      ['storage', '/owner/model/onnx/model%20file.onnx'],
    ]);
    expect(await leftovers()).toEqual([]);
  });

  it('takes a URL as it is', async () => {
    await download(hub.storageUrl(NAME));
    expect(await isCached()).toBe(true);
  });

  it('sends the token to the hub, and to nobody else', async () => {
    hub.token = 'hf_secret';
    await download(SOURCE, file, { HF_TOKEN: 'hf_secret' });
    await download(hub.storageUrl(NAME), file, { HF_TOKEN: 'hf_secret' });
    expect(hub.asked.map(({ server, authorization }) => [server, authorization])).toEqual([
      ['hub', 'Bearer hf_secret'],
      ['storage', undefined],
      ['storage', undefined],
    ]);
  });

  it.each([
    [
      'no token',
      {},
      'needs a token, or does not exist (401): set HF_TOKEN to a token of the hub that may read it.',
    ],
    [
      'a wrong one',
      { HF_TOKEN: 'hf_other' },
      "the token of HF_TOKEN may not read it (401): accept the model's terms at",
    ],
  ])('says what is to be done with %s, and never the token', async (_, environment, message) => {
    hub.token = 'hf_secret';
    const error = await download(SOURCE, file, environment).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ isFinal: true, message: expect.stringContaining(message) });
    expect(String(error)).not.toContain('hf_other');
  });

  it('says that there is no such file', async () => {
    await expect(download(`hf:owner/model@${REVISION}#other.onnx`)).rejects.toMatchObject({
      message: expect.stringContaining('owner/model has no "other.onnx" at that revision (404).'),
      isFinal: true,
    });
  });

  it('refuses by its size what can not be the file, before it comes', async () => {
    hub.linkedSize = 299_999;
    await expect(download()).rejects.toThrow('has 299999 bytes, not the 300000 of the manifest');
    expect(await leftovers()).toEqual([]);
  });

  it('cuts off at once what is longer than the manifest says', async () => {
    hub.faults.push({ kind: 'other', content: new Uint8Array(50_000_000) });
    await expect(download(hub.storageUrl(NAME))).rejects.toMatchObject({
      message: expect.stringMatching(
        /has (more than the 300000 bytes of|50000000 bytes, not the 300000 of) the manifest/,
      ),
      isFinal: true,
    });
    expect(await leftovers()).toEqual([]);
  });

  it('keeps nothing of another content, and says expected and got', async () => {
    hub.faults.push({ kind: 'other', content: new Uint8Array(file.bytes) });
    const error = await download().catch((thrown: Error) => thrown);
    expect(error).toMatchObject({
      message: expect.stringMatching(/it has the sha256 [0-9a-f]{64} instead of [0-9a-f]{64}/),
      isFinal: true,
    });
    expect(await cache.has(file)).toBe(false);
    expect(await leftovers()).toEqual([]);
  });

  it('goes on where it was cut off', async () => {
    hub.faults.push({ kind: 'cut', bytes: 100_000 });
    await expect(download()).rejects.toThrow(/broke off at \d+ of 300000 bytes/);
    expect(await leftovers()).toHaveLength(1);
    await download();
    expect(await isCached()).toBe(true);
    const last = hub.asked.at(-1);
    expect(last?.range).toMatch(/^bytes=[1-9]\d+-$/);
    expect(last?.ifRange).toBe(etagOf(CONTENT));
    expect(await leftovers()).toEqual([]);
  });

  it('begins anew when the file was exchanged in between, or can not be told', async () => {
    hub.faults.push({ kind: 'cut', bytes: 100_000 });
    await expect(download()).rejects.toThrow('broke off');
    const other = CONTENT.toReversed();
    await hub.close();
    hub = await FileHub.start({ [NAME]: other });
    // The same size, and asked for under the old hash: nothing of the old part is mixed in.
    await expect(download()).rejects.toThrow(expectedFile(other).sha256);

    hub.hasEtags = false;
    hub.faults.push({ kind: 'cut', bytes: 100_000 });
    await expect(download(SOURCE, expectedFile(other))).rejects.toThrow('broke off');
    expect(await leftovers()).toEqual([]);
  });

  it('gives up what only drips, and goes on from there', async () => {
    hub.faults.push({ kind: 'drip', bytes: 50_000 });
    await expect(download()).rejects.toMatchObject({
      message: expect.stringContaining('next to nothing came for 0.5 s'),
      isFinal: false,
    });
    await download();
    expect(hub.asked.at(-1)?.range).toMatch(/^bytes=\d+-$/);
  });

  it('bears all of that in one pull', async () => {
    const faults: Fault[] = [
      { kind: 'status', status: 503 },
      { kind: 'cut', bytes: 1_000 },
      { kind: 'short', bytes: 2_000 },
      { kind: 'cut', bytes: 200_000 },
    ];
    hub.faults.push(...faults);
    await pull(SOURCE);
    expect(await isCached()).toBe(true);
  });

  it('waits as long as the server asks for', async () => {
    hub.hubFaults.push({ kind: 'status', status: 429, headers: { 'retry-after': '1' } });
    const before = Date.now();
    await pull(SOURCE);
    expect(Date.now() - before).toBeGreaterThanOrEqual(990);
    hub.hubFaults.push({ kind: 'status', status: 429, headers: { 'retry-after': '3600' } });
    await expect(download()).rejects.toMatchObject({
      message: expect.stringContaining('asks to come back in 60 minutes'),
      isFinal: true,
    });
  });

  it('goes on to the next source', async () => {
    await pull(`hf:owner/model@${REVISION}#gone.onnx`, 'http://127.0.0.1:9/closed', hub.storageUrl(NAME));
    expect(await isCached()).toBe(true);
  });

  it('follows no redirect in a circle, nor to another protocol', async () => {
    const to = (location: string): Fault => ({ kind: 'status', status: 302, headers: { location } });
    hub.hubFaults.push(to('file:///etc/passwd'));
    await expect(download()).rejects.toThrow('redirects to "file:///etc/passwd", which is not followed');
    hub.hubFaults.push(...Array.from({ length: 10 }, () => to('/again')));
    await expect(download()).rejects.toThrow('more than 5 redirects');
  });

  it('lets several pull the same file at once', async () => {
    await Promise.all(Array.from({ length: 4 }, () => download()));
    expect(await isCached()).toBe(true);
    expect(await leftovers()).toEqual([]);
  });
});
