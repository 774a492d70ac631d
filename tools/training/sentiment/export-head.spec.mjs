import { describe, expect, it } from '@jest/globals';
import { readSafetensorsIndex } from '@ganglion/inference/onnx-graph';
import { HEAD } from '../../models/minilm/sentiment-head.mjs';
import { exportHead } from './export-head.mjs';
import { Random } from '../random.mjs';

const random = new Random(5);
const numbers = (/** @type {number} */ count) =>
  Float32Array.from({ length: count }, () => random.uniform(1));

describe('exportHead', () => {
  const weights = {
    'token.weight': numbers(HEAD.features * HEAD.width),
    'token.bias': numbers(HEAD.width),
    'attention.weight': numbers(HEAD.width * HEAD.views),
    'class.weight': numbers(HEAD.width * HEAD.views * HEAD.classes),
    'class.bias': numbers(HEAD.classes),
  };
  const standard = {
    mean: Float64Array.from(numbers(HEAD.features)),
    scale: Float64Array.from(numbers(HEAD.features), (value) => value + 2),
  };
  const file = exportHead(weights, standard, 2);
  const index = readSafetensorsIndex(file);
  const read = (/** @type {string} */ name) => {
    const { offset = 0, length = 0 } = index.get(name) ?? {};
    return new Float32Array(new Uint8Array(file.subarray(offset, offset + length)).buffer);
  };

  it('folds the standardisation into the first layer', () => {
    const token = numbers(HEAD.features);
    for (const unit of [0, HEAD.width - 1]) {
      const project = (/** @type {Float32Array} */ weight, /** @type {(i: number) => number} */ input) =>
        token.reduce((sum, _, i) => sum + input(i) * (weight[i * HEAD.width + unit] ?? 0), 0);
      const expected =
        project(
          weights['token.weight'],
          (i) => ((token[i] ?? 0) - (standard.mean[i] ?? 0)) * (standard.scale[i] ?? 0),
        ) + (weights['token.bias'][unit] ?? 0);
      const actual = project(read('token.weight'), (i) => token[i] ?? 0) + (read('token.bias')[unit] ?? 0);
      expect(actual).toBeCloseTo(expected, 3);
    }
  });

  it('cools the logits by the temperature', () => {
    expect(read('class.weight')).toEqual(weights['class.weight'].map((value) => value / 2));
    expect(read('class.bias')).toEqual(weights['class.bias'].map((value) => value / 2));
    expect(read('attention.weight')).toEqual(weights['attention.weight']);
  });
});
