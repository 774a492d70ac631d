import { describe, expect, it } from '@jest/globals';
import { rowsOfDays } from './split-days.mjs';
import { measureStandard, standardise } from './standardise.mjs';
import { measureRanges, summariseBackground } from './summarise.mjs';

describe('measureRanges', () => {
  it('rounds outwards, so that what was seen stays within', () => {
    const ranges = measureRanges(Float32Array.of(0.12344, 5, 0.98761, -2), 2);
    expect(ranges).toEqual([
      [0.1234, 0.9877],
      [-2, 5],
    ]);
  });
});

describe('summariseBackground', () => {
  it('gives the means of ordinary rows in 32 groups by score, and of no fraud', () => {
    // 64 ordinary rows whose feature is their score, and a fraud far away.
    const scores = Float32Array.from({ length: 65 }, (_, row) => row);
    const features = Float32Array.from(scores, (score) => (score === 64 ? 1e6 : score));
    const labels = Uint8Array.from(scores, (score) => Number(score === 64));
    const table = { features, labels, days: new Int32Array(65), customers: [] };
    const background = summariseBackground(table, scores);
    expect(background).toEqual(Array.from({ length: 32 }, (_, group) => [2 * group + 0.5]));
  });
});

describe('rowsOfDays', () => {
  const table = {
    features: Float32Array.of(10, 11, 20, 21, 30, 31, 40, 41),
    labels: Uint8Array.of(0, 1, 0, 1),
    days: Int32Array.of(5, 6, 6, 9),
    customers: ['a', 'b', 'c', 'd'],
  };

  it('takes the days with both ends', () => {
    expect(rowsOfDays(table, [6, 8])).toEqual({
      features: Float32Array.of(20, 21, 30, 31),
      labels: Uint8Array.of(1, 0),
      days: Int32Array.of(6, 6),
      customers: ['b', 'c'],
    });
    expect(rowsOfDays(table, [6, 9]).customers).toEqual(['b', 'c', 'd']);
  });
});

it('standardises to mean 0 and variance 1', () => {
  const features = Float32Array.of(1, 100, 3, 300);
  expect([...standardise(features, measureStandard(features, 2))]).toEqual([-1, -1, 1, 1]);
});
