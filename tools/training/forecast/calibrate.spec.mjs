import { describe, expect, it } from '@jest/globals';
import { BLOCKS, findFactors, makeCalibrationWindows, scoreWindow } from './calibrate.mjs';

/** @returns {import('./read-data.mjs').Task} */
function task(/** @type {number} */ count, dataset = 'a') {
  const history = Float64Array.from({ length: count }, (_, step) => step);
  return { dataset, frequency: 'day', scaleSeason: 1, history, actual: Float64Array.of(-1) };
}

describe('makeCalibrationWindows', () => {
  it('cuts windows out of the history alone, one behind the other', () => {
    const windows = makeCalibrationWindows([task(1_000)], [task(4_000)]);
    expect(windows.map(({ history, actual }) => [history.length, actual.length])).toEqual([
      [952, 48],
      [904, 48],
      [808, 192],
      ...[1, 2, 3, 4].map((back) => [4_000 - 192 * back, 192]),
    ]);
    for (const { history, actual } of windows) expect(actual[0]).toBe(history.length);
  });

  it('leaves most of a short series as its history', () => {
    const [first] = makeCalibrationWindows([task(30)], []);
    expect([first?.history.length, first?.actual.length]).toEqual([20, 10]);
  });
});

describe('scoreWindow', () => {
  it('measures how far a value is in units of its side, by block', () => {
    const quantiles = Array.from({ length: 50 }, () => Float64Array.of(8, 8, 9, 9, 10, 11, 12, 13, 14));
    const actual = new Float64Array(50).fill(10);
    actual.set([10, 6, 12], 0);
    const scores = scoreWindow({ ...task(9), actual }, quantiles);
    expect(scores.slice(0, 3).map(({ score }) => score)).toEqual([0, 2, 0.5]);
    expect(scores.map(({ block }) => block).slice(46)).toEqual([0, 0, 1, 1]);
  });
});

describe('findFactors', () => {
  const scores = (/** @type {string} */ dataset, /** @type {number} */ size, /** @type {number} */ count) =>
    Array.from({ length: BLOCKS * count }, (_, index) => ({
      dataset,
      block: index % BLOCKS,
      score: (size * (Math.floor(index / BLOCKS) + 1)) / count,
    }));

  it('holds the share of the scores that it is told', () => {
    expect(findFactors(scores('a', 1, 100), 0.8)).toEqual([0.8, 0.8, 0.8, 0.8]);
  });

  it('counts every data set the same, however many scores it has', () => {
    const [even] = findFactors([...scores('a', 1, 1_000), ...scores('b', 2, 100)], 0.5);
    expect(even).toBeCloseTo(0.667, 1);
  });
});
