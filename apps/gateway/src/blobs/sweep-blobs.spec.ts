import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FolderBlobStore } from '@ganglion/persistence';
import { createLogger } from '@ganglion/service-kit/logger';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { sweepBlobs } from './sweep-blobs.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-sweep-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

it('removes what a crash left two hours ago as an unfinished upload, and keeps what is in use', async () => {
  const blobs = new FolderBlobStore(folder);
  const kept = await blobs.put('default', new Uint8Array([1]));
  const left = join(folder, '.incoming', 'left');
  await blobs.put('default', new Uint8Array([2])).then((ref) => blobs.release('default', ref));
  await writeFile(left, 'half a body');
  const twoHoursAgo = Date.now() / 1_000 - 7_200;
  await utimes(left, twoHoursAgo, twoHoursAgo);

  const end = sweepBlobs(blobs, createLogger('test', 'silent'), async () => new Set());
  while ((await readdir(join(folder, '.incoming'))).length > 0) await sleep(10);
  end();
  expect([...(await blobs.read('default', kept))]).toEqual([1]);
});
