import { describe, expect, it } from '@jest/globals';
import { defaultIntraOpThreads } from './default-threads.js';

describe('defaultIntraOpThreads', () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 1],
    [4, 2],
    [8, 4],
    [64, 4],
  ])('of %i cores: %i', (cores, threads) => {
    expect(defaultIntraOpThreads(cores)).toBe(threads);
  });
});
