import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromStorableJson, toStorableJson } from './lossless-json.js';
import { escapeText, unescapeText } from './lossless-text.js';

/** Any UTF-16, lone surrogates and control characters well represented. */
const unit = fc.oneof(
  fc.nat({ max: 0xffff }),
  fc.constantFrom(0, 0x1a, 0x30, 0x61, 0xd800, 0xdbff, 0xdc00, 0xdfff),
);
const text = fc.array(unit).map((units) => String.fromCharCode(...units));

const value = fc.letrec((tie) => ({
  leaf: fc.oneof(
    text,
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt(),
    fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
  ),
  value: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('value')),
    fc.dictionary(text, tie('value')),
  ),
})).value;

describe('lossless text', () => {
  it('gives back any string', () => {
    fc.assert(fc.property(text, (string) => unescapeText(escapeText(string)) === string));
  });

  it('writes well-formed Unicode without U+0000', () => {
    fc.assert(
      fc.property(text, (string) => {
        const stored = escapeText(string);
        return !stored.includes('\u0000') && Buffer.from(stored, 'utf8').toString('utf8') === stored;
      }),
    );
  });

  it('leaves ordinary text as it is', () => {
    expect(escapeText('naïve 😀 \n\t')).toBe('naïve 😀 \n\t');
  });
});

describe('lossless JSON', () => {
  it('gives back any value that MessagePack can hold', () => {
    fc.assert(
      fc.property(value, (any) => {
        const stored: unknown = JSON.parse(JSON.stringify(toStorableJson(any)));
        expect(fromStorableJson(stored)).toEqual(any);
      }),
    );
  });

  it('takes no caller for one of its own marks', () => {
    const forged = { '\u001anumber': 'NaN', '\u001abytes': 'AAAA', __proto__: null };
    expect(fromStorableJson(toStorableJson(forged))).toEqual({
      '\u001anumber': 'NaN',
      '\u001abytes': 'AAAA',
    });
    const own: unknown = JSON.parse('{"__proto__":{"polluted":true}}');
    expect(JSON.stringify(fromStorableJson(toStorableJson(own)))).toBe('{"__proto__":{"polluted":true}}');
  });

  it('refuses what is nested too deep for the stack', () => {
    let nested: unknown = 'core';
    for (let depth = 0; depth < 100_000; depth++) nested = [nested];
    expect(() => toStorableJson(nested)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });
});
