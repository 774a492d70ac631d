import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isWellFormed } from './is-well-formed.js';

describe('isWellFormed', () => {
  it.each(['', 'plain', 'naïve 漢字', '😀', 'a\u0000b', '\uFFFF'])('takes %j', (text) => {
    expect(isWellFormed(text)).toBe(true);
  });

  it.each(['\uD83D', '\uDE00', 'a\uD83Db', '\uDE00\uD83D', '😀\uD83D'])('refuses %j', (text) => {
    expect(isWellFormed(text)).toBe(false);
  });

  it('agrees with a round trip through UTF-8', () => {
    const units = fc.array(fc.constantFrom('a', '\uD83D', '\uDE00', 'é'), { maxLength: 6 });
    fc.assert(
      fc.property(units, (parts) => {
        const text = parts.join('');
        const decoded = new TextDecoder().decode(new TextEncoder().encode(text));
        expect(isWellFormed(text)).toBe(decoded === text);
      }),
    );
  });
});
