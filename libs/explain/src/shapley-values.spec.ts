import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { coalitionRows, shapleyValues, type Predict } from './shapley-values.js';

const WIDTH = 4;
const GROUPS = [[0, 2], [1], [3]];

const predictBy =
  (model: (row: Float32Array) => number): Predict =>
  (rows, count) =>
    Array.from({ length: count }, (_, i) => model(rows.subarray(WIDTH * i, WIDTH * (i + 1))));

const at = (row: Float32Array, column: number): number => row[column] as number;
const tangled = (row: Float32Array): number =>
  Math.tanh(at(row, 0) * at(row, 1)) + at(row, 2) * at(row, 3) - Math.max(0, at(row, 3));

const rowOf = (rows: number) =>
  fc
    .array(fc.float({ min: -3, max: 3, noNaN: true }), { minLength: WIDTH * rows, maxLength: WIDTH * rows })
    .map((values) => Float32Array.from(values));

describe('shapleyValues', () => {
  it('add up, with the base value, to what the model says to the row', async () => {
    await fc.assert(
      fc.asyncProperty(rowOf(1), rowOf(3), async (row, background) => {
        const result = await shapleyValues(row, predictBy(tangled), { groups: GROUPS, background });
        const total = result.contributions.reduce((sum, value) => sum + value, result.baseValue);
        expect(total).toBeCloseTo(result.value, 9);
        expect(result.value).toBeCloseTo(tangled(row), 9);
      }),
    );
  });

  it('are, of a linear model, the weights times the distance from the background', async () => {
    const weights = [2, -1, 0.5, 3];
    const linear = (row: Float32Array) => weights.reduce((sum, weight, i) => sum + weight * at(row, i), 0);
    const { contributions, baseValue } = await shapleyValues(Float32Array.of(1, 2, 3, 4), predictBy(linear), {
      groups: GROUPS,
      background: Float32Array.of(0, 0, 0, 0, 2, 2, 2, 2),
    });
    expect(baseValue).toBeCloseTo(4.5);
    expect(contributions[0]).toBeCloseTo(2 * (1 - 1) + 0.5 * (3 - 1));
    expect(contributions[1]).toBeCloseTo(-1 * (2 - 1));
    expect(contributions[2]).toBeCloseTo(3 * (4 - 1));
  });

  it('are 0 for what the model does not look at', async () => {
    const { contributions } = await shapleyValues(
      Float32Array.of(1, 2, 3, 4),
      predictBy((row) => at(row, 1) ** 2),
      { groups: GROUPS, background: new Float32Array(WIDTH) },
    );
    expect(contributions).toEqual([0, 4, 0]);
  });

  it('asks the model once', async () => {
    const counts: number[] = [];
    const predict: Predict = (_, count) => {
      counts.push(count);
      return new Float32Array(count);
    };
    await shapleyValues(new Float32Array(WIDTH), predict, {
      groups: GROUPS,
      background: new Float32Array(5 * WIDTH),
    });
    expect(counts).toEqual([8 * 5]);
  });

  it.each([
    ['a column in no group', [[0, 2], [1]], WIDTH],
    ['a column in two groups', [[0, 2], [1, 2], [3]], WIDTH],
    ['an empty background', GROUPS, 0],
    ['half a row of background', GROUPS, 6],
    ['too many groups', Array.from({ length: 13 }, (_, column) => [column]), 13],
  ])('refuses %s', async (_, groups, length) => {
    const row = new Float32Array(groups.length > 12 ? 13 : WIDTH);
    const background = new Float32Array(length);
    await expect(shapleyValues(row, predictBy(tangled), { groups, background })).rejects.toThrow(RangeError);
  });
});

it('takes the columns of a coalition from the row, the others from the background', () => {
  const rows = coalitionRows(Float32Array.of(1, 2, 3, 4), {
    groups: GROUPS,
    background: Float32Array.of(-1, -2, -3, -4),
  });
  expect([...rows.subarray(0, WIDTH)]).toEqual([-1, -2, -3, -4]);
  expect([...rows.subarray(WIDTH, 2 * WIDTH)]).toEqual([1, -2, 3, -4]);
  expect([...rows.subarray(6 * WIDTH, 7 * WIDTH)]).toEqual([-1, 2, -3, 4]);
  expect([...rows.subarray(7 * WIDTH)]).toEqual([1, 2, 3, 4]);
});
