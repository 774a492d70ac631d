import { describe, expect, it } from '@jest/globals';
import { findLoop } from './find-loop.js';

const repeat = (pattern: number[], times: number) => Array.from({ length: times }, () => pattern).flat();

describe('findLoop', () => {
  it.each([
    ['one token, 12 times', [7, 8, ...repeat([5], 12)], 3],
    ['two tokens, 6 times', repeat([5, 6], 6), 2],
    ['a phrase, 3 times', [1, 2, ...repeat([3, 4, 5, 6, 7], 3)], 7],
  ])('finds %s, and where it is said once', (_what, tokens, end) => {
    expect(findLoop(tokens)).toBe(end);
  });

  it.each([
    ['nothing', []],
    ['a sentence', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
    ['"no, no, no"', [9, ...repeat([5, 6], 3)]],
    ['a phrase said twice', repeat([3, 4, 5, 6, 7], 2)],
    ['a loop that has ended', [...repeat([3, 4, 5, 6, 7], 3), 8]],
  ])('takes %s for no loop', (_what, tokens) => {
    expect(findLoop(tokens)).toBeNull();
  });
});
