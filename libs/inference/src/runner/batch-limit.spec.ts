import { describe, expect, it } from '@jest/globals';
import { BatchLimit } from './batch-limit.js';

/** Batches as large as the limit allows, of a model that takes a millisecond a row. */
function settle(limit: BatchLimit, batches: number): number[] {
  return Array.from({ length: batches }, () => {
    const rows = limit.rows;
    limit.observe(rows, rows);
    return rows;
  });
}

describe('BatchLimit', () => {
  it('stays at the most rows without a target', () => {
    expect(settle(new BatchLimit(32, null), 3)).toEqual([32, 32, 32]);
  });

  it('comes down to what the target allows, and stays about there', () => {
    const rows = settle(new BatchLimit(32, 10), 60).slice(30);
    expect(Math.max(...rows)).toBeLessThanOrEqual(12);
    expect(Math.min(...rows)).toBeGreaterThanOrEqual(8);
  });

  it('grows back when the model is quick again', () => {
    const limit = new BatchLimit(32, 10);
    settle(limit, 30);
    for (let batch = 0; batch < 20; batch += 1) limit.observe(limit.rows, 1);
    expect(limit.rows).toBe(32);
  });

  it('does not grow by batches that were never full', () => {
    const limit = new BatchLimit(32, 10);
    const [last] = settle(limit, 30).slice(-1);
    for (let batch = 0; batch < 20; batch += 1) limit.observe(1, 1);
    expect(limit.rows).toBeLessThanOrEqual((last as number) + 2);
  });

  it('allows one row whatever the target', () => {
    const limit = new BatchLimit(32, 0.001);
    settle(limit, 100);
    expect(limit.rows).toBe(1);
  });
});
