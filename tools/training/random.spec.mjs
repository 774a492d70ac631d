import { describe, expect, it } from '@jest/globals';
import { Random } from './random.mjs';

describe('Random', () => {
  it('gives the same numbers for the same seed', () => {
    const draw = (/** @type {number} */ seed) => {
      const random = new Random(seed);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('is uniform', () => {
    const random = new Random(1);
    const bins = new Uint32Array(10);
    for (let i = 0; i < 100_000; i += 1) {
      const bin = Math.floor(random.next() * 10);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    // Six standard deviations of a count of 10,000.
    for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(570);
  });

  it('shuffles without loss', () => {
    const values = Array.from({ length: 100 }, (_, i) => i);
    const shuffled = new Random(3).shuffle(values);
    expect(shuffled).not.toEqual(values);
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(values);
  });
});
