import { describe, expect, it } from '@jest/globals';
import { median } from '../figures.mjs';
import { slopePercentPerMinute } from './slope.mjs';

const samples = (/** @type {(minute: number) => number} */ valueAt) =>
  Array.from({ length: 41 }, (_, index) => ({ minute: index / 4, value: valueAt(index / 4) }));

describe('slopePercentPerMinute', () => {
  it('is the growth of what grows evenly', () => {
    expect(
      median(
        slopePercentPerMinute(
          samples((minute) => 200 + 3 * minute),
          0,
        ),
      ),
    ).toBeCloseTo(1.5, 10);
  });

  it('is not misled by single outliers, nor by what came before', () => {
    const jumpy = samples((minute) => (minute < 2 ? 50 : minute === 6 ? 900 : 100));
    expect(median(slopePercentPerMinute(jumpy, 2))).toBe(0);
  });

  it('takes all there is when it is too short', () => {
    const [slope] = slopePercentPerMinute(samples((minute) => 100 + minute).slice(0, 4), 2);
    expect(slope).toBeCloseTo(1, 10);
  });
});
