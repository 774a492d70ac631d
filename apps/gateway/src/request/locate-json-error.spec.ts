import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { locateJsonError } from './locate-json-error.js';

describe('locateJsonError', () => {
  it.each([
    ['', 'it ends too early, at line 1, column 1'],
    ['{"a":1,}', 'it goes wrong at line 1, column 8'],
    ['{"a": tru}', 'it goes wrong at line 1, column 7'],
    ['[1 2]', 'it goes wrong at line 1, column 4'],
    ['{"a"\n:\n01}', 'it goes wrong at line 3, column 2'],
    ['{"a":"x', 'it ends too early, at line 1, column 8'],
    ['"\\x"', 'it goes wrong at line 1, column 2'],
    ['"a\tb"', 'it goes wrong at line 1, column 3'],
    ['{} {}', 'it goes wrong at line 1, column 4'],
    ["{'a':1}", 'it goes wrong at line 1, column 2'],
  ])('%j: %s', (text, place) => expect(locateJsonError(text)).toBe(place));

  it('finds the cut wherever JSON is cut', () => {
    fc.assert(
      fc.property(fc.object(), fc.nat(), (value, cut) => {
        const text = JSON.stringify(value);
        const broken = text.slice(0, cut % text.length);
        expect(locateJsonError(broken)).toContain('it ends too early');
      }),
    );
  });

  it('finds a character that cannot be wherever it is put', () => {
    fc.assert(
      fc.property(fc.object({ values: [fc.string()] }), fc.nat(), (value, at) => {
        const text = JSON.stringify(value);
        const offset = at % text.length;
        // A backslash before it is where an escape goes wrong.
        const column = text[offset - 1] === '\\' ? expect.any(Number) : offset + 1;
        const broken = `${text.slice(0, offset)}\u0000${text.slice(offset)}`;
        const [, found] = /goes wrong at line 1, column (\d+)/.exec(locateJsonError(broken)) ?? [];
        expect(Number(found)).toEqual(column);
      }),
    );
  });

  it('is quick with megabytes and deep nesting', () => {
    expect(locateJsonError(`${'['.repeat(1_000_000)}x`)).toContain('column 1000001');
    expect(locateJsonError(`"${'a'.repeat(20_000_000)}`)).toContain('it ends too early');
  });
});
