import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readSst2 } from './read-sst2.mjs';

describe('readSst2', () => {
  it('reads sentences and labels, and tells which line is none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ganglion-sst2-'));
    try {
      await mkdir(join(folder, 'text', 'sst2'), { recursive: true });
      await writeFile(join(folder, 'text', 'sst2', 'train.tsv'), 'a fine film\t1\ndull\t0\n');
      await writeFile(join(folder, 'text', 'sst2', 'dev.tsv'), 'a fine film\t1\ndull\t2\n');
      expect(await readSst2(folder, 'train')).toEqual([
        { text: 'a fine film', label: 1 },
        { text: 'dull', label: 0 },
      ]);
      await expect(readSst2(folder, 'dev')).rejects.toThrow('dev.tsv:2 is not');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('says what to set', async () => {
    await expect(readSst2(undefined, 'train')).rejects.toThrow('GANGLION_DATA is not set');
    await expect(readSst2('/no-such-folder', 'dev')).rejects.toThrow('GANGLION_DATA has no');
  });
});
