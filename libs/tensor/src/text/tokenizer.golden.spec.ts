import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { normaliseText, type TextNormalisation } from './normalise-text.js';
import { TextTokenizer } from './text-tokenizer.js';

const golden = JSON.parse(readFileSync(new URL('golden/tokenizer.json', import.meta.url), 'utf8')) as {
  reference: string;
  normalised: { options: TextNormalisation; texts: [string, string][] }[];
  tokenizers: {
    name: string;
    definition: object;
    texts: { text: string; ids: number[]; decoded: string }[];
  }[];
};

describe(`normaliseText gives the texts of ${golden.reference}`, () => {
  it.each(golden.normalised)('by $options', ({ options, texts }) => {
    for (const [text, normalised] of texts) expect(normaliseText(text, options)).toBe(normalised);
  });
});

describe.each(golden.tokenizers)(`$name gives the ids and texts of ${golden.reference}`, (expected) => {
  const tokenizer = TextTokenizer.parse(Buffer.from(JSON.stringify(expected.definition)));

  it.each(expected.texts)('of $text', ({ text, ids, decoded }) => {
    expect(tokenizer.encode(text)).toEqual(ids);
    expect(tokenizer.decode(ids)).toBe(decoded);
  });
});

describe('TextTokenizer', () => {
  it('knows the ids of pieces', () => {
    const [wordPiece] = golden.tokenizers;
    const tokenizer = TextTokenizer.parse(Buffer.from(JSON.stringify(wordPiece?.definition)));
    expect(tokenizer.idOf('[CLS]')).toBe(2);
    expect(tokenizer.idOf('no such piece')).toBeUndefined();
  });

  it.each(['', '[]', 'null', '{"model":{"type":"Oracle"}}', '{'])('refuses %j', (text) => {
    expect(() => TextTokenizer.parse(Buffer.from(text))).toThrow(RangeError);
  });
});
