import { describe, expect, it } from '@jest/globals';
import { HEAD } from '../../models/minilm/sentiment-head.mjs';
import { toProbabilities } from './calibrate.mjs';
import { evaluate } from './evaluate.mjs';
import { Random } from '../random.mjs';
import { predictLogits, trainHead } from './train-head.mjs';

/** Sentences of 1 to 6 random tokens; feature 5 of one of the tokens tells the label. */
function toyData(/** @type {number} */ count, /** @type {number} */ seed) {
  const random = new Random(seed);
  const lengths = Int32Array.from({ length: count }, () => 1 + Math.floor(random.next() * 6));
  const starts = lengths.map((_, i) => lengths.subarray(0, i).reduce((sum, length) => sum + length, 0));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const features = Float32Array.from({ length: total * HEAD.features }, () => random.uniform(1));
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  labels.forEach((label, i) => {
    const token = (starts[i] ?? 0) + Math.floor(random.next() * (lengths[i] ?? 1));
    features[token * HEAD.features + 5] = label === 1 ? 30 : -30;
  });
  return { data: { features, lengths, starts }, labels };
}

describe('trainHead', () => {
  const { data, labels } = toyData(600, 1);
  const sentences = [...labels.keys()];
  const learned = trainHead(data, labels, sentences.slice(0, 500), 7);

  it('learns what one token of many tells', () => {
    const unseen = sentences.slice(500);
    const probabilities = toProbabilities(predictLogits(learned, data, unseen), 1);
    const { accuracy } = evaluate(
      probabilities,
      unseen.map((i) => labels[i] ?? 0),
    );
    expect(accuracy).toBeGreaterThan(0.9);
  });

  it('answers for a sentence alike in any company', () => {
    const long = sentences.find((i) => data.lengths[i] === 6) ?? 0;
    const short = sentences.find((i) => data.lengths[i] === 1) ?? 0;
    const together = predictLogits(learned, data, [long, short]);
    const alone = predictLogits(learned, data, [short]);
    expect(together[2]).toBeCloseTo(alone[0] ?? NaN, 4);
  });

  it('gives the same weights for the same seed', () => {
    const train = (/** @type {number} */ seed) =>
      Object.values(trainHead(data, labels, sentences.slice(0, 100), seed)).map((weight) =>
        weight.dataSync(),
      );
    const first = train(3);
    expect(train(3)).toEqual(first);
    expect(train(4)).not.toEqual(first);
  });
});
