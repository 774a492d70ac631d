import { readFileSync } from 'node:fs';
import { tensor, type Tensor } from '@ganglion/tensor';
import { describe, expect, it } from '@jest/globals';
import { decodeNanodet, STRIDES } from './decode-nanodet.js';
import { suppressNonMaxima, type Candidate } from './non-maximum-suppression.js';

interface Reference {
  label: number;
  score: number;
  /** Left, top, right, bottom. */
  box: [number, number, number, number];
}

const golden = JSON.parse(readFileSync(new URL('golden/decode-nanodet.json', import.meta.url), 'utf8')) as {
  reference: string;
  width: number;
  height: number;
  labels: number;
  minScore: number;
  maxOverlap: number;
  candidates: Reference[];
  kept: Reference[];
};

/** Numbers from 0 to 1 of the generator in tools/golden/nanodet.py. */
function noise(count: number, seed: number) {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  });
}

function modelOutputs(): Record<string, Tensor> {
  const outputs: Record<string, Tensor> = {};
  for (const stride of STRIDES) {
    const cells = (golden.width / stride) * (golden.height / stride);
    const sides = noise(cells * 44, stride + 1).map((value) => value * 8 - 4);
    const scores = noise(cells * golden.labels, stride);
    outputs[`scores_${stride}`] = tensor('float32', [1, cells, golden.labels], scores);
    outputs[`sides_${stride}`] = tensor('float32', [1, cells, 44], sides);
  }
  return outputs;
}

function expectAlike(actual: readonly Candidate[], expected: readonly Reference[]): void {
  expect(actual.map(({ label }) => label)).toEqual(expected.map(({ label }) => label));
  actual.forEach(({ score, box }, index) => {
    expect(score).toBeCloseTo(expected[index]?.score ?? NaN, 6);
    const sides = [box.left, box.top, box.right, box.bottom];
    sides.forEach((side, place) => expect(side).toBeCloseTo(expected[index]?.box[place] ?? NaN, 3));
  });
}

describe(`against ${golden.reference}`, () => {
  const candidates = decodeNanodet(modelOutputs(), golden.width, golden.minScore);

  it('decodes the same candidates', () => {
    expectAlike(candidates, golden.candidates);
  });

  it('keeps the same ones of those that overlap', () => {
    const { maxOverlap, kept } = golden;
    expectAlike(suppressNonMaxima(candidates, { maxOverlap, maxCount: 100 }), kept);
    expectAlike(suppressNonMaxima(candidates, { maxOverlap, maxCount: 7 }), kept.slice(0, 7));
  });
});

describe('decodeNanodet', () => {
  it('tells which output the model owes', () => {
    expect(() => decodeNanodet({}, 64, 0.5)).toThrow('The model gave no "scores_8".');
  });
});
