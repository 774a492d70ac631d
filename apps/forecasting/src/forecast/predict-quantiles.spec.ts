import { tensor } from '@ganglion/tensor';
import { describe, expect, it } from '@jest/globals';
import { BLOCK, CONTEXT, QUANTILES } from './fracast-input.js';
import { continueForecast, predictBlocks, type RunFracast } from './predict-quantiles.js';

/** A network that expects the last value to stay, give or take what it makes of each step and quantile. */
function network(spread: (quantile: number) => number): { run: RunFracast; rows: number[] } {
  const rows: number[] = [];
  const run: RunFracast = ({ values }) => {
    const count = values.shape[0] as number;
    rows.push(count);
    const data = Float32Array.from({ length: count * BLOCK * QUANTILES }, (_, index) => {
      const row = Math.floor(index / (BLOCK * QUANTILES));
      return (values.data[(row + 1) * CONTEXT - 1] as number) + spread(index % QUANTILES);
    });
    return Promise.resolve({ quantiles: tensor('float32', [count, BLOCK, QUANTILES], data) });
  };
  return { run, rows };
}

const history = Float64Array.from({ length: 40 }, (_, step) => (step % 2 === 0 ? 100 : 300));

describe('predictBlocks', () => {
  it('gives the quantiles of each history in its own unit, in order', async () => {
    const { run, rows } = network((quantile) => (4 - quantile) / 8);
    const [first, second] = await predictBlocks([history, history.map((value) => value / 100)], run);
    expect(rows).toEqual([2]);
    expect(first).toHaveLength(BLOCK);
    expect([...(first?.[0] as Float64Array)]).toEqual([200, 225, 250, 275, 300, 325, 350, 375, 400]);
    expect(second?.[0]?.[4]).toBeCloseTo(3, 9);
  });
});

describe('continueForecast', () => {
  it('is the first block where that is enough', async () => {
    const { run, rows } = network(() => 0);
    const [first = []] = await predictBlocks([history], run);
    expect(await continueForecast(history, first, 5, run)).toEqual(first.slice(0, 5));
    expect(rows).toEqual([1]);
  });

  it('widens from block to block, around much the same median', async () => {
    const { run, rows } = network((quantile) => (quantile - 4) / 8);
    const [first = []] = await predictBlocks([history], run);
    const steps = await continueForecast(history, first, 3 * BLOCK, run);
    expect(steps).toHaveLength(3 * BLOCK);
    expect(rows).toEqual([1, QUANTILES, QUANTILES]);
    const widths = [0, 1, 2].map((block) => {
      const step = steps[block * BLOCK] as Float64Array;
      expect(Math.abs((step[4] as number) - 300)).toBeLessThan(20);
      return (step[8] as number) - (step[0] as number);
    });
    expect(widths[1]).toBeGreaterThan(1.2 * (widths[0] as number));
    expect(widths[2]).toBeGreaterThan(widths[1] as number);
  });
});
