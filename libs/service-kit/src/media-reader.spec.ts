import type { BlobStore } from '@ganglion/persistence';
import { describe, expect, it } from '@jest/globals';
import { MediaReader } from './media-reader.js';

const ref = { sha256: 'ab'.repeat(32), bytes: 2, lease: '019aa000-0000-7000-8000-000000000000' };
const context = { tenant: 'default' };

describe('MediaReader', () => {
  it('finds the bytes of a blob again, for whoever reads the same input once its lease is gone', async () => {
    let isReleased = false;
    const blobs = {
      read: () => (isReleased ? Promise.reject(new Error('gone')) : Promise.resolve(Uint8Array.of(1, 2))),
    } as unknown as BlobStore;
    const reader = new MediaReader(blobs);
    const media = { type: 'image/png', ref };
    expect(await reader.read(media, context)).toEqual(Uint8Array.of(1, 2));
    isReleased = true;
    expect(await reader.read(media, context)).toEqual(Uint8Array.of(1, 2));
    await expect(reader.read({ ...media }, context)).rejects.toThrow('gone');
  });

  it('refuses media without a byte', async () => {
    const reader = new MediaReader({} as BlobStore);
    const empty = { type: 'image/png', bytes: new Uint8Array() };
    await expect(reader.read(empty, context)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
