import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import { expectAlike } from './workload.mjs';
import { importBuilt, layModelFiles } from './model-files.mjs';

/** Every text is so many word pieces, with the two that frame it. */
export const PIECES = 32;
const SUBJECTS = ['film', 'book', 'hotel', 'meal', 'concert', 'story', 'phone', 'tour'];
const VERDICTS = [
  'was a delight that stayed with all of us for days',
  'was a dull and careless mess that nobody should pay for',
];

/**
 * Sentences of 32 word pieces to the probabilities that they speak well or ill, from text to answer.
 *
 * @param {string} folder
 * @returns {Promise<import('./workload.mjs').Workload>}
 */
export async function makeText(folder) {
  const { preprocessing } = await layModelFiles('nlp', 'minilm-sentiment', folder);
  const [{ preprocess }, { postprocess }, { WordPieces }, bytes, session] = await Promise.all([
    importBuilt('nlp', 'sentiment/preprocess.js'),
    importBuilt('nlp', 'sentiment/postprocess.js'),
    importBuilt('nlp', 'sentiment/word-pieces.js'),
    readFile(join(folder, 'tokenizer.json')),
    ort.InferenceSession.create(join(folder, 'graph.onnx')),
  ]);
  const pieces = WordPieces.parse(bytes);
  const inputs = SUBJECTS.flatMap((subject) =>
    VERDICTS.map((verdict) => ({ text: sentence(subject, verdict) })),
  );
  /** @type {unknown[]} */
  const expected = [];
  const feeds = [];
  for (const { text } of inputs) {
    const prepared = preprocess(text, pieces, preprocessing);
    expectAlike(prepared.pieces, [PIECES - 2], () => 0);
    /** @type {import('../rivals/raw-ort.process.mjs').Feeds} */
    const row = {};
    /** @type {Record<string, ort.Tensor>} */
    const tensors = {};
    for (const [name, { data, shape }] of Object.entries(prepared.tensors)) {
      row[name] = { type: 'int64', data, dims: shape };
      tensors[name] = new ort.Tensor('int64', data, shape);
    }
    feeds.push(row);
    expected.push(postprocess(await session.run(tensors), prepared.pieces));
  }
  await session.release();
  return {
    name: 'text',
    folder,
    inputs,
    expected,
    feeds,
    verify: (answer, index) => expectAlike(answer, expected[index], () => 1e-4),
  };
}

function sentence(/** @type {string} */ subject, /** @type {string} */ verdict) {
  return `To be fair to everyone who worked so hard on it, I do think that this ${subject} ${verdict}.`;
}
