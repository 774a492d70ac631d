import { ServiceError } from '@ganglion/contracts/errors';
import { isWellFormed, toTokenTensors, toWindows, type TokenTensors } from '@ganglion/tensor/text';
import { z } from 'zod';
import type { WordPieces } from './word-pieces.js';

/** What the manifest says of the input: the vocabulary's file, and how much text the model reads. */
export const sentimentInput = z.strictObject({
  tokenizer: z.string(),
  windowPieces: z.int().min(3),
  maxWindows: z.int().min(1),
});

export type SentimentInput = z.output<typeof sentimentInput>;

export interface PreparedText {
  readonly tensors: TokenTensors;
  /** How many pieces each window holds, without its frame: the windows' weights. */
  readonly pieces: readonly number[];
  readonly warnings: readonly string[];
}

/**
 * Text to windows of word pieces, int64 `[windows, length]`.
 *
 * @throws ServiceError `invalid_encoding` when the text is no Unicode, `invalid_input` when it holds nothing to read.
 */
export function preprocess(
  text: string,
  wordPieces: Pick<WordPieces, 'encode' | 'first' | 'last' | 'unknown'>,
  { windowPieces, maxWindows }: SentimentInput,
): PreparedText {
  if (!isWellFormed(text)) throw refuse('invalid_encoding', 'The text holds half of a surrogate pair.');
  const all = wordPieces.encode(text);
  // White space and control characters are no pieces.
  if (all.length === 0) throw refuse('invalid_input', 'The text holds nothing to read: send a sentence.');
  const { first, last, unknown } = wordPieces;
  const ids = all.slice(0, maxWindows * (windowPieces - 2));
  const windows = toWindows(ids, { first, last, length: windowPieces });
  return {
    tensors: toTokenTensors(windows),
    pieces: windows.map((window) => window.length - 2),
    warnings: [
      ...describeWindows(windows.length, ids.length, all.length),
      ...describeUnknown(ids.filter((id) => id === unknown).length, ids.length),
    ],
  };
}

function describeWindows(windows: number, read: number, all: number): string[] {
  const warnings: string[] = [];
  if (windows > 1) {
    warnings.push(`The text was read in ${windows} windows; their logits were averaged by length.`);
  }
  if (read < all) {
    warnings.push(`Only the first ${read} of ${all} word pieces were read: the text is too long.`);
  }
  return warnings;
}

/** Emoji, other scripts, strings of letters that are no words: the answer does not rest on them. */
function describeUnknown(unknown: number, read: number): string[] {
  return unknown === 0 ? [] : [`${unknown} of ${read} word pieces are unknown to the model.`];
}

function refuse(code: 'invalid_encoding' | 'invalid_input', detail: string): ServiceError {
  return new ServiceError(code, detail, { errors: [{ pointer: '/text', detail }] });
}
