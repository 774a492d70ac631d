import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { shapleyValues } from './shapley-values.js';

const golden = JSON.parse(readFileSync(new URL('./golden/shapley-values.json', import.meta.url), 'utf8')) as {
  reference: string;
  groups: number[][];
  row: number[];
  background: number[];
  baseValue: number;
  contributions: number[];
  tolerance: number;
};

/** The model of tools/golden/shapley.py. */
function model([a, b, c, d, e]: number[]): number {
  const x = [a, b, c, d, e] as [number, number, number, number, number];
  return x[0] * x[1] + Math.sin(2 * x[2]) * x[4] - 0.5 * x[3] ** 2 + x[0] * x[2] * x[3];
}

describe(`shapleyValues, beside ${golden.reference}`, () => {
  it('gives the same base value and contributions', async () => {
    const { row, groups, background } = golden;
    const { baseValue, contributions } = await shapleyValues(
      Float32Array.from(row),
      (rows, count) => Array.from({ length: count }, (_, i) => model([...rows.subarray(5 * i, 5 * i + 5)])),
      { groups, background: Float32Array.from(background) },
    );
    expect(Math.abs(baseValue - golden.baseValue)).toBeLessThan(golden.tolerance);
    contributions.forEach((contribution, group) => {
      expect(Math.abs(contribution - (golden.contributions[group] ?? NaN))).toBeLessThan(golden.tolerance);
    });
  });
});
