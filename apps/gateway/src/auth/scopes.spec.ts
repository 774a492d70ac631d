import { describe, expect, it } from '@jest/globals';
import { allows, requireScope } from './scopes.js';

describe('scopes', () => {
  it.each([
    [['*'], 'nlp:sentiment', true],
    [['nlp:*'], 'nlp:sentiment', true],
    [['nlp:sentiment'], 'nlp:sentiment', true],
    [['forecasting:*', 'nlp:sentiment'], 'nlp:sentiment', true],
    [['nlp:sentiment'], 'nlp:entities', false],
    [['nlp:*'], 'nlp-extra:sentiment', false],
    [['nlp-extra:*'], 'nlp:sentiment', false],
    [['nlp:sent*'], 'nlp:sentiment', false],
    [[], 'nlp:sentiment', false],
  ])('%j against %s: %s', (scopes, required, isAllowed) => expect(allows(scopes, required)).toBe(isAllowed));

  it('no key opens what is for Ganglion itself', () => {
    const caller = { keyId: 'k', tenant: 't', scopes: ['*'], expiresAtMs: Infinity };
    expect(() => requireScope(caller, null)).toThrow(expect.objectContaining({ code: 'forbidden' }));
    expect(() => requireScope({ ...caller, scopes: [] }, 'a:b')).toThrow(/"a:b"/);
  });
});
