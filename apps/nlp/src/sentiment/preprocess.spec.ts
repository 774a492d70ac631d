import { describe, expect, it } from '@jest/globals';
import { preprocess } from './preprocess.js';

/** One piece a word: its length. */
const wordPieces = {
  encode: (text: string) =>
    text
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => word.length),
  first: 101,
  last: 102,
  unknown: 100,
};
const input = { tokenizer: 'tokenizer.json', windowPieces: 5, maxWindows: 3 };
const words = (count: number) => Array.from({ length: count }, (_, i) => 'x'.repeat(i + 1)).join(' ');

describe('preprocess', () => {
  it('frames the pieces of a short text, and has nothing to warn of', () => {
    const { tensors, pieces, warnings } = preprocess('a fine day', wordPieces, input);
    expect(tensors.input_ids).toMatchObject({
      shape: [1, 5],
      data: BigInt64Array.of(101n, 1n, 4n, 3n, 102n),
    });
    expect(tensors.attention_mask.data).toEqual(BigInt64Array.of(1n, 1n, 1n, 1n, 1n));
    expect({ pieces, warnings }).toEqual({ pieces: [3], warnings: [] });
  });

  it('reads a longer text in windows, and says so', () => {
    const { tensors, pieces, warnings } = preprocess(words(7), wordPieces, input);
    expect(tensors.input_ids.shape).toEqual([3, 5]);
    expect([...tensors.input_ids.data].filter((id) => id > 0 && id < 100).map(Number)).toEqual([
      1, 2, 3, 4, 5, 6, 7,
    ]);
    expect(pieces).toEqual([2, 2, 3]);
    expect(warnings).toEqual(['The text was read in 3 windows; their logits were averaged by length.']);
  });

  it('leaves out what is past the last window, and says how much', () => {
    const { pieces, warnings } = preprocess(words(12), wordPieces, input);
    expect(pieces).toEqual([3, 3, 3]);
    expect(warnings[1]).toBe('Only the first 9 of 12 word pieces were read: the text is too long.');
  });

  it('tells of pieces that the vocabulary lacks', () => {
    const { warnings } = preprocess(`fine ${'x'.repeat(wordPieces.unknown)}`, wordPieces, input);
    expect(warnings).toEqual(['1 of 2 word pieces are unknown to the model.']);
  });

  it.each([
    [' \n\t ', 'invalid_input', 'nothing to read'],
    ['fine \uD83D day', 'invalid_encoding', 'surrogate'],
  ])('refuses %j', (text, code, message) => {
    let thrown: unknown;
    try {
      preprocess(text, wordPieces, input);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(thrown).toMatchObject({ errors: [{ pointer: '/text' }] });
  });
});
