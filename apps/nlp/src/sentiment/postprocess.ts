import type { OutputOf } from '@ganglion/contracts/capability';
import type { sentiment } from '@ganglion/contracts/services/nlp/sentiment';
import type { TensorMap } from '@ganglion/inference';
import { softmax } from '@ganglion/tensor';

/**
 * Logits of windows to one answer: their mean, weighted by how much text each holds.
 *
 * @param outputs `logits` float32 `[windows, 2]`: negative, positive; calibrated for a text of one window.
 * @param pieces Weight of each window.
 */
export function postprocess(outputs: TensorMap, pieces: readonly number[]): OutputOf<typeof sentiment> {
  const logits = outputs['logits']?.data as Float32Array;
  const total = pieces.reduce((sum, count) => sum + count, 0);
  const mean = (label: number): number =>
    pieces.reduce((sum, count, window) => sum + (count / total) * (logits[2 * window + label] ?? 0), 0);
  const [negative = 0, positive = 0] = softmax(Float64Array.of(mean(0), mean(1)));
  return { label: positive >= negative ? 'positive' : 'negative', probabilities: { negative, positive } };
}
