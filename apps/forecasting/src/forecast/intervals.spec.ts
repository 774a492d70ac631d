import { describe, expect, it } from '@jest/globals';
import { toIntervals } from './intervals.js';

/** Median 10, quantiles 0.1 and 0.9 at 8 and 14. */
const step = Float64Array.of(8, 8.5, 9, 9.5, 10, 11, 12, 13, 14);

describe('toIntervals', () => {
  it('stretches the distance to the median on each side', () => {
    const [first] = toIntervals([step], { 80: [1], 95: [2] });
    expect(first).toEqual({
      median: 10,
      interval80: { lower: 8, upper: 14 },
      interval95: { lower: 6, upper: 18 },
    });
  });

  it('goes from block to block without a jump', () => {
    const steps = toIntervals(
      Array.from({ length: 200 }, () => step),
      { 80: [1, 2, 3], 95: [2, 4, 6] },
    );
    const widths = steps.map(({ interval80 }) => interval80.upper - interval80.lower);
    expect(widths[0]).toBe(6);
    expect(widths[199]).toBe(18);
    widths.slice(1).forEach((width, index) => expect(width - (widths[index] as number)).toBeLessThan(0.13));
    expect(widths.every((width, index) => width >= (widths[index - 1] ?? 0))).toBe(true);
  });
});
