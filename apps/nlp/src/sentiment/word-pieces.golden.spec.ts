import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readModelFile } from '../../test/model-file.js';
import { WordPieces } from './word-pieces.js';

const golden = JSON.parse(readFileSync(new URL('golden/word-pieces.json', import.meta.url), 'utf8')) as {
  reference: string;
  texts: { text: string; ids: number[] }[];
};

describe(`WordPieces against ${golden.reference}`, () => {
  const pieces = WordPieces.parse(readModelFile('tokenizer.json'));

  it.each(golden.texts)('cuts text %#', ({ text, ids }) => {
    expect(pieces.encode(text)).toEqual(ids);
  });

  it('knows the pieces around a sequence', () => {
    expect(pieces).toMatchObject({ first: 101, last: 102, unknown: 100 });
  });
});

describe('WordPieces', () => {
  it('refuses another kind of vocabulary', () => {
    const definition = JSON.parse(Buffer.from(readModelFile('tokenizer.json')).toString('utf8'));
    const other = { ...definition, added_tokens: [], model: { ...definition.model, vocab: { '[UNK]': 0 } } };
    expect(() => WordPieces.parse(Buffer.from(JSON.stringify(other)))).toThrow('lacks [CLS], [SEP] or [UNK]');
  });
});
