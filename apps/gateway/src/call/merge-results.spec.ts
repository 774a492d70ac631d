import { ServiceError } from '@ganglion/contracts/errors';
import { describe, expect, it } from '@jest/globals';
import { mergeResults } from './merge-results.js';

describe('mergeResults', () => {
  const refused = new Map([[1, new ServiceError('invalid_input', 'no')]]);

  it('keeps the order of the request', () => {
    const { results } = mergeResults({ results: ['a', 'c'] }, refused, 3, 'r');
    expect(results).toEqual([
      'a',
      { error: expect.objectContaining({ code: 'invalid_input', requestId: 'r' }) },
      'c',
    ]);
  });

  it('trusts no reply that lacks a result', () => {
    for (const reply of [{ results: ['a'] }, {}, null, 'x']) {
      expect(() => mergeResults(reply, refused, 3, 'r')).toThrow(
        expect.objectContaining({ code: 'bad_reply' }),
      );
    }
  });
});
