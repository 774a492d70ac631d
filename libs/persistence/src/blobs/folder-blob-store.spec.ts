import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { BlobRef } from '@ganglion/contracts/media';
import { FolderBlobStore } from './folder-blob-store.js';

const BYTES = new TextEncoder().encode('the same bytes');
const SHA256 = createHash('sha256').update(BYTES).digest('hex');

describe('FolderBlobStore', () => {
  const roots: string[] = [];
  let root: string;
  let store: FolderBlobStore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'ganglion-blobs-'));
    roots.push(root);
    store = new FolderBlobStore(root);
  });
  afterAll(() => Promise.all(roots.map((folder) => rm(folder, { recursive: true }))));

  const filesOf = async (folder: string): Promise<string[]> => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  };

  it('gives back what was put, by content', async () => {
    const ref = await store.put('acme', BYTES);
    expect(ref).toMatchObject({ sha256: SHA256, bytes: BYTES.byteLength });
    expect(await store.read('acme', ref)).toEqual(Buffer.from(BYTES));
    const chunks = await (await store.open('acme', ref)).toArray();
    expect(Buffer.concat(chunks)).toEqual(Buffer.from(BYTES));
  });

  it('takes streams and empty blobs', async () => {
    const large = randomBytes(3_000_000);
    const ref = await store.put('acme', Readable.from([large.subarray(0, 1_000), large.subarray(1_000)]));
    expect(large.equals(await store.read('acme', ref))).toBe(true);
    const empty = await store.put('acme', new Uint8Array());
    expect(await store.read('acme', empty)).toHaveLength(0);
  });

  it('keeps equal bytes once, until the last lease is released', async () => {
    const [first, second] = [await store.put('acme', BYTES), await store.put('acme', BYTES)];
    const [file = ''] = await filesOf(join(root, 'acme'));
    expect((await stat(file)).nlink).toBe(2);
    await store.release('acme', first);
    await store.release('acme', first);
    await expect(store.read('acme', first)).rejects.toMatchObject({ code: 'not_found' });
    expect(await store.read('acme', second)).toEqual(Buffer.from(BYTES));
    await store.release('acme', second);
    expect(await filesOf(root)).toEqual([]);
  });

  it('shares no bytes and no lease across tenants', async () => {
    const ref = await store.put('acme', BYTES);
    await store.put('globex', BYTES);
    await expect(store.read('globex', ref)).rejects.toMatchObject({ code: 'not_found' });
    for (const file of await filesOf(root)) expect((await stat(file)).nlink).toBe(1);
    await store.release('globex', ref);
    expect(await store.read('acme', ref)).toEqual(Buffer.from(BYTES));
  });

  it.each([
    { sha256: `../../${SHA256}` },
    { sha256: SHA256.toUpperCase() },
    { lease: '../../secret' },
    { lease: '' },
    { bytes: BYTES.byteLength - 1 },
  ])('finds nothing by a forged reference: %j', async (forged) => {
    const ref: BlobRef = { ...(await store.put('acme', BYTES)), ...forged };
    await expect(store.open('acme', ref)).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each(['..', '.incoming', 'a/b', '', 'Acme', 'a\u0000'])('takes no tenant named %j', async (tenant) => {
    await expect(store.put(tenant, BYTES)).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('stops reading at maxBytes and keeps nothing', async () => {
    let produced = 0;
    async function* endless(): AsyncIterable<Uint8Array> {
      for (;;) {
        produced += 1_000;
        yield new Uint8Array(1_000);
      }
    }
    const put = store.put('acme', Readable.from(endless()), { maxBytes: 10_000 });
    await expect(put).rejects.toMatchObject({ code: 'payload_too_large' });
    expect(produced).toBeLessThan(100_000);
    expect(await filesOf(root)).toEqual([]);
    await expect(store.put('acme', BYTES, { maxBytes: BYTES.byteLength - 1 })).rejects.toMatchObject({
      code: 'payload_too_large',
    });
    await store.put('acme', BYTES, { maxBytes: BYTES.byteLength });
  });

  it('keeps nothing of a source that breaks off', async () => {
    async function* broken(): AsyncIterable<Uint8Array> {
      yield BYTES;
      throw new Error('connection lost');
    }
    await expect(store.put('acme', Readable.from(broken()))).rejects.toThrow('connection lost');
    expect(await filesOf(root)).toEqual([]);
  });

  it('links no new lease to bytes that a power cut has cut short', async () => {
    const before = await store.put('acme', BYTES);
    const [file = ''] = await filesOf(root);
    await truncate(file, 3);
    const after = await store.put('acme', BYTES);
    expect(await store.read('acme', after)).toEqual(Buffer.from(BYTES));
    await expect(store.read('acme', before)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('never takes bytes from under a holder, however puts and releases race', async () => {
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        for (let round = 0; round < 20; round++) {
          const ref = await store.put('acme', BYTES);
          expect(await store.read('acme', ref)).toEqual(Buffer.from(BYTES));
          await store.release('acme', ref);
        }
      }),
    );
    expect(await filesOf(root)).toEqual([]);
  });

  it('leaves to whoever holds it what is old', async () => {
    const [held, left] = [await store.put('acme', BYTES), await store.put('acme', BYTES)];
    await sleep(50);
    expect(await store.sweep(25, async (leases) => new Set(leases.filter((one) => one === held.lease)))).toBe(
      1,
    );
    expect(await store.read('acme', held)).toEqual(Buffer.from(BYTES));
    await expect(store.read('acme', left)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('sweeps what a crash left behind, and nothing younger', async () => {
    const old = await store.put('acme', BYTES);
    const upload = join(root, '.incoming', 'broken-off');
    await writeFile(upload, BYTES);
    await utimes(upload, 0, 0);
    await sleep(50);
    const young = await store.put('acme', BYTES);
    expect(await store.sweep(25)).toBe(2);
    await expect(store.read('acme', old)).rejects.toMatchObject({ code: 'not_found' });
    expect(await store.read('acme', young)).toEqual(Buffer.from(BYTES));
    expect(await store.sweep(60_000)).toBe(0);
  });
});
