import { describe, expect, it } from '@jest/globals';
import { nearestNames } from './nearest-names.js';

describe('nearestNames', () => {
  it('finds what was meant, nearest first', () => {
    const names = ['/v1/nlp/sentiment', '/v1/nlp/segment', '/v1/keys', '/healthz'];
    expect(nearestNames('/v1/nlp/sentimnet', names)[0]).toBe('/v1/nlp/sentiment');
    expect(nearestNames('/v1/key', names)).toEqual(['/v1/keys']);
  });

  it('offers nothing that is far away, and compares nothing that is huge', () => {
    expect(nearestNames('xyz', ['sentiment'])).toEqual([]);
    expect(nearestNames('a'.repeat(100_000), ['a'.repeat(100_000)])).toEqual([]);
  });
});
