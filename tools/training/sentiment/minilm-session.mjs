import { Tokenizer } from '@huggingface/tokenizers';
import ort from 'onnxruntime-node';

/**
 * The publisher's files, and our head where the graph has one.
 *
 * @typedef {{ weights: Uint8Array, tokenizer: Uint8Array, head?: Uint8Array }} MinilmFiles
 */

const BATCH = 32;

/**
 * Opens a graph over MiniLM in ONNX Runtime, with one thread so that the sums are always in the same order.
 *
 * @param {Uint8Array} graph
 * @param {MinilmFiles} files
 */
export async function openMinilm(graph, { weights, tokenizer, head }) {
  const session = await ort.InferenceSession.create(graph, {
    intraOpNumThreads: 1,
    externalData: [
      { path: 'model.safetensors', data: weights },
      ...(head ? [{ path: 'head.safetensors', data: head }] : []),
    ],
  });
  const encoder = new Tokenizer(JSON.parse(Buffer.from(tokenizer).toString('utf8')), {});
  return {
    /** The ids of a text's word pieces between [CLS] and [SEP]. */
    tokenise: (/** @type {string} */ text) => encoder.encode(text).ids,

    /**
     * Runs the graph over sequences of ids; those of like length share a run, so that little padding is computed.
     *
     * @param {readonly number[][]} sequences
     * @param {(outputs: ort.InferenceSession.OnnxValueMapType, rows: number[]) => void} take `rows` says which
     *   sequences the rows of the outputs are
     */
    async run(sequences, take) {
      const length = (/** @type {number} */ row) => sequences[row]?.length ?? 0;
      const byLength = sequences.map((_, row) => row).sort((a, b) => length(a) - length(b) || a - b);
      for (let from = 0; from < byLength.length; from += BATCH) {
        const rows = byLength.slice(from, from + BATCH);
        take(await session.run(toFeeds(rows.map((row) => sequences[row] ?? []))), rows);
      }
    },
  };
}

/** @param {readonly number[][]} rows */
function toFeeds(rows) {
  const length = Math.max(...rows.map((ids) => ids.length));
  const inputIds = new BigInt64Array(rows.length * length);
  const attentionMask = new BigInt64Array(rows.length * length);
  rows.forEach((ids, row) => {
    inputIds.set(ids.map(BigInt), row * length);
    attentionMask.fill(1n, row * length, row * length + ids.length);
  });
  const shape = [rows.length, length];
  return {
    input_ids: new ort.Tensor('int64', inputIds, shape),
    attention_mask: new ort.Tensor('int64', attentionMask, shape),
  };
}
