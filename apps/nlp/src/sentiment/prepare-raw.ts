import type { PrepareRaw } from '@ganglion/inference';
import { preprocess, sentimentInput } from './preprocess.js';
import { WordPieces } from './word-pieces.js';

/** A probe's text to the model's inputs, as a request's is. */
export const prepareRaw: PrepareRaw = async (raw, { manifest, readFile }) => {
  if (!('text' in raw)) throw new TypeError('a probe of texts holds a text');
  const frame = sentimentInput.parse(manifest.preprocessing);
  const pieces = WordPieces.parse(await readFile(frame.tokenizer));
  return { ...preprocess(raw.text, pieces, frame).tensors };
};
