import { describe, expect, it } from '@jest/globals';
import { covers } from './scopes.js';

describe('covers', () => {
  it.each([
    [['*'], 'nlp:sentiment', true],
    [['*'], '*', true],
    [['nlp:*'], 'nlp:sentiment', true],
    [['nlp:*'], 'nlp:*', true],
    [['nlp:sentiment'], 'nlp:sentiment', true],
    [['nlp:sentiment'], 'nlp:*', false],
    [['nlp:*'], '*', false],
    [['nlp:*'], 'nlp-two:sentiment', false],
    [[], 'nlp:sentiment', false],
  ])('%j covers %s: %s', (held, wanted, expected) => {
    expect(covers(held, wanted)).toBe(expected);
  });
});
