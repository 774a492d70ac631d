import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from './parse-json.js';

const parse = (text: string): unknown => parseJson(Buffer.from(text));

/** A key that could reach a prototype is refused, which has tests of its own. */
const hasNoRefusedKey = (value: unknown): boolean => !/"(__proto__|constructor)"/.test(JSON.stringify(value));

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue().filter(hasNoRefusedKey), (value) =>
        expect(parse(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value))),
      ),
    );
    expect(parse('\ufeff{"a":"\\ud83d\\ude00"}')).toEqual({ a: '😀' });
  });

  it('refuses halves of surrogate pairs, in values and in names', () => {
    for (const text of ['"\\ud800"', '"\\uDC00x"', '{"a":[{"\\ud83d":1}]}']) {
      expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'invalid_encoding' }));
    }
  });

  it('refuses names that could reach a prototype, however they are written', () => {
    for (const text of ['{"__proto__":1}', '[{"__pr\\u006fto__":1}]', '{"constructor":{"prototype":{}}}']) {
      expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'malformed_request' }));
    }
    expect(parse('{"constructor":"Ferrari","note":"__proto__"}')).toEqual({
      constructor: 'Ferrari',
      note: '__proto__',
    });
  });

  it('refuses bytes that are no UTF-8, and never quotes the text', () => {
    expect(() => parseJson(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toThrow(/UTF-8/);
    expect(() => parse('{"secret": tru}')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('secret') }),
    );
  });
});
