import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { makeTabular } from './tabular.mjs';

describe('makeTabular', () => {
  it('makes the same network and rows each time, whose scores differ', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ganglion-tabular-'));
    try {
      const [first, second] = [await makeTabular(folder), await makeTabular(folder)];
      expect(second.inputs).toEqual(first.inputs);
      expect(second.expected).toEqual(first.expected);
      const scores = first.expected.map((answer) => /** @type {{ score: number }} */ (answer).score);
      expect(new Set(scores).size).toBe(scores.length);
      expect(() => first.verify({ score: scores[0] }, 0)).not.toThrow();
      expect(() => first.verify({ score: scores[1] }, 0)).toThrow('is right');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
