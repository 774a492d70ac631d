import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { FolderBlobStore } from './folder-blob-store.js';
import { measureFolder } from './measure-folder.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ganglion-measure-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

it('counts the bytes of blobs once, however many hold them', async () => {
  const blobs = new FolderBlobStore(join(root, 'blobs'));
  expect((await measureFolder(join(root, 'blobs'))).usedBytes).toBe(0);
  const first = await blobs.put('acme', new Uint8Array(1_000).fill(1));
  await blobs.put('acme', new Uint8Array(1_000).fill(1));
  await blobs.put('acme', new Uint8Array(500).fill(2));
  const { usedBytes, freeBytes } = await measureFolder(join(root, 'blobs'));
  expect(usedBytes).toBe(1_500);
  expect(freeBytes).toBeGreaterThan(0);
  await blobs.release('acme', first);
  expect((await measureFolder(join(root, 'blobs'))).usedBytes).toBe(1_500);
});
