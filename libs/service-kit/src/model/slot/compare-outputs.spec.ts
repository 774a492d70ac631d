import { describe, expect, it } from '@jest/globals';
import { compareOutputs } from './compare-outputs.js';

describe('compareOutputs', () => {
  it.each([
    [
      'equal outputs',
      { a: [1, 'x', null], b: true },
      { a: [1, 'x', null], b: true },
      { agrees: true, difference: 0 },
    ],
    ['numbers that differ', { p: 0.5, q: [2, 3] }, { p: 0.4, q: [1, 3] }, { agrees: true, difference: 0.5 }],
    ['numbers of two signs', { p: -1 }, { p: 1 }, { agrees: true, difference: 2 }],
    ['another label', { label: 'cat', p: 0.5 }, { label: 'dog', p: 0.5 }, { agrees: false, difference: 0 }],
    [
      'one object more',
      { found: [{ p: 1 }] },
      { found: [{ p: 0.5 }, { p: 1 }] },
      { agrees: false, difference: 0.5 },
    ],
    ['a field more', { a: 1 }, { a: 1, b: 1 }, { agrees: false, difference: 0 }],
    ['a field of another kind', { a: 1 }, { a: '1' }, { agrees: false, difference: 0 }],
    ['a field that is undefined', { a: 1, b: undefined }, { a: 1 }, { agrees: true, difference: 0 }],
    ['what is no number', { a: Number.NaN }, { a: 1 }, { agrees: false, difference: 0 }],
    ['what is no number twice', { a: Number.NaN }, { a: Number.NaN }, { agrees: true, difference: 0 }],
    ['bytes', { a: Uint8Array.of(1, 2) }, { a: Uint8Array.of(1, 2) }, { agrees: true, difference: 0 }],
  ])('compares %s', (_, a, b, comparison) => {
    expect(compareOutputs(a, b)).toEqual(comparison);
    expect(compareOutputs(b, a)).toEqual(comparison);
  });
});
