import { tensor, type Tensor } from '../tensor.js';

/** What a BERT-like model reads. */
export interface TokenTensors {
  /** `[rows, length]` int64; 0 where a row is shorter than the longest. */
  readonly input_ids: Tensor;
  /** `[rows, length]` int64: 1 at pieces, 0 behind them. */
  readonly attention_mask: Tensor;
}

/** Sequences of ids as tensors, padded to the longest of them. */
export function toTokenTensors(sequences: readonly (readonly number[])[]): TokenTensors {
  const length = Math.max(...sequences.map((ids) => ids.length));
  const ids = new BigInt64Array(sequences.length * length);
  const mask = new BigInt64Array(sequences.length * length);
  sequences.forEach((sequence, row) => {
    sequence.forEach((id, column) => {
      ids[row * length + column] = BigInt(id);
    });
    mask.fill(1n, row * length, row * length + sequence.length);
  });
  const shape = [sequences.length, length];
  return { input_ids: tensor('int64', shape, ids), attention_mask: tensor('int64', shape, mask) };
}
