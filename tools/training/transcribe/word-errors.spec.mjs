import { describe, expect, it } from '@jest/globals';
import { countWordErrors } from './word-errors.mjs';

describe('countWordErrors', () => {
  it.each([
    ['Ask not what!', 'ask NOT, what', 0, 3],
    ['ask not what', 'ask now what', 1, 3],
    ['ask not what', 'ask what', 1, 3],
    ['ask not what', 'so ask not what then', 2, 3],
    ['ask not what', '', 3, 3],
    ['', 'you', 1, 0],
  ])('"%s" heard as "%s"', (said, heard, errors, words) => {
    expect(countWordErrors(said, heard)).toEqual({ errors, words });
  });
});
